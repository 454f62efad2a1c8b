import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BasicAuthSecurity, createClientAsync } from 'soap';
import { temporaryFolder } from '../server/cli.js';
import { ACCEPTED, envelopeOf, remoteUserStore, sendSoap, userAdmin } from '../support/admin-services.js';
import { management, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;
const as = superAdmin.basic;
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const USERS = 'RemoteUserStoreManagerService';
const QUESTION = envelopeOf(USERS, 'isExistingUser', { userName: 'admin' });

const malformed = { status: 500, fault: { faultcode: 'soapenv:Client', faultstring: expect.stringMatching(/cannot be read/) } };
const notLoggedIn = (text: string) => ({ status: 401, fault: { faultcode: '50977', faultstring: text } });

describe('the caller', () => {
  it('is a user of the tenant whose name and password are right', async () => {
    const { domain, admin } = await given.organization();
    const wrong = { basic: { username: 'admin', password: 'wrong-one' } };
    const token = { bearer: await superAdmin.token('internal_user_mgt_view') };

    expect(await sendSoap(USERS, QUESTION, { as })).toMatchObject({ status: 200, returned: ['true'] });
    expect(await sendSoap(USERS, QUESTION, { as: NOBODY })).toMatchObject(notLoggedIn('Access Denied. Please login first.'));
    expect(await sendSoap(USERS, QUESTION, { as: token })).toMatchObject(notLoggedIn('Access Denied. Please login first.'));
    expect(await sendSoap(USERS, QUESTION, { as: wrong })).toMatchObject(notLoggedIn('Authentication failure'));
    // Nobody who is not known makes the server read a message.
    expect(await sendSoap(USERS, '<', { as: NOBODY, type: 'application/json' })).toMatchObject({ status: 401 });
    const unknown = await management.request(`POST /services/${USERS}`, { raw: QUESTION, headers: { 'content-type': 'text/xml' } });
    expect(unknown.headers['www-authenticate']).toBe('Basic realm="Gatehouse"');
    expect(await remoteUserStore(admin, `/t/${domain}/services/`)('getTenantId')).toMatchObject({ status: 200 });
  });

  it('is of the tenant in the path', async () => {
    const [{ domain, admin }, other] = [await given.organization(), await given.organization()];
    const denied = { status: 500, fault: { faultcode: '50978', faultstring: 'Access Denied.' } };

    expect(await userAdmin(other.admin, `/t/${domain}/services/`)('hasMultipleUserStores')).toMatchObject(denied);
    expect(await userAdmin(superAdmin, `/t/${domain}/services/`)('hasMultipleUserStores')).toMatchObject(denied);
    expect(await userAdmin(admin, `/t/${domain}/services/`)('hasMultipleUserStores')).toMatchObject({ status: 200 });
    expect(await userAdmin(superAdmin, '/t/carbon.super/services/')('hasMultipleUserStores')).toMatchObject({ status: 200 });
  });
});

describe('a message', () => {
  it('is answered in the namespaces of the product', async () => {
    const answer = await sendSoap(USERS, QUESTION, { as });

    expect(answer.text).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${SOAP}"><soapenv:Body>` +
        '<ns:isExistingUserResponse xmlns:ns="http://service.ws.um.carbon.wso2.org"><ns:return>true</ns:return></ns:isExistingUserResponse>' +
        '</soapenv:Body></soapenv:Envelope>',
    );
    const fault = await sendSoap(USERS, envelopeOf(USERS, 'isExistingUser', { userName: 'OTHER.COM/x' }), { as });
    expect(fault.text).toContain(
      '<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>Invalid Domain Name</faultstring><detail>' +
        '<ns:RemoteUserStoreManagerServiceUserStoreException xmlns:ns="http://service.ws.um.carbon.wso2.org"/></detail></soapenv:Fault>',
    );
  });

  it('may be as the stubs of Axis2 and the clients of others write it', async () => {
    const name = unique('soap');
    const axis2 = `<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv="${SOAP}"><soapenv:Body><ns1:addUser xmlns:ns1="http://service.ws.um.carbon.wso2.org"><ns1:userName>${name}</ns1:userName><ns1:credential>Secret12</ns1:credential><ns1:roleList>Internal/subscriber</ns1:roleList><ns1:claims xmlns:s16="http://common.mgt.user.carbon.wso2.org/xsd"><s16:claimURI>http://wso2.org/claims/emailaddress</s16:claimURI><s16:value>${name}@x.com</s16:value></ns1:claims><ns1:profileName>default</ns1:profileName><ns1:requirePasswordChange>false</ns1:requirePasswordChange></ns1:addUser></soapenv:Body></soapenv:Envelope>`;
    const bare = `<Envelope xmlns="${SOAP}"><Header><Action mustUnderstand="0">urn:isExistingUser</Action></Header><Body><!-- who --><isExistingUser><userName><![CDATA[${name}]]></userName></isExistingUser></Body></Envelope>`;
    const soapUi = `<soapenv:Envelope xmlns:soapenv="${SOAP}" xmlns:ser="http://service.ws.um.carbon.wso2.org">
   <soapenv:Header/>
   <soapenv:Body>
      <ser:getRoleListOfUser>
         <!--Optional:-->
         <ser:userName>${name}</ser:userName>
      </ser:getRoleListOfUser>
   </soapenv:Body>
</soapenv:Envelope>`;

    expect(await sendSoap(USERS, axis2, { as })).toMatchObject(ACCEPTED);
    expect(await sendSoap(USERS, bare, { as, headers: { soapaction: '' } })).toMatchObject({ status: 200, returned: ['true'] });
    expect(await sendSoap(`${USERS}.${USERS}HttpsSoap11Endpoint/`, soapUi, { as, type: 'text/xml' })).toMatchObject({
      status: 200,
      returned: ['Internal/subscriber', 'Internal/everyone'],
    });
  });

  it('may be in another encoding, and compressed', async () => {
    const claimURI = 'http://wso2.org/claims/nickname';
    const text = envelopeOf(USERS, 'setUserClaimValue', { userName: 'admin', claimURI, claimValue: 'Änna' }).replace(/^<\?xml.*?\?>/, '');

    const latin = await sendSoap(USERS, Buffer.from(text, 'latin1'), { as, type: 'text/xml; charset=ISO-8859-1' });
    const compressed = await sendSoap(USERS, gzipSync(QUESTION), { as, headers: { 'content-encoding': 'gzip' } });

    expect(latin).toMatchObject(ACCEPTED);
    expect(compressed).toMatchObject({ status: 200, returned: ['true'] });
    expect(await remoteUserStore(superAdmin)('getUserClaimValue', { userName: 'admin', claim: claimURI })).toMatchObject({
      returned: ['Änna'],
    });
    expect(await sendSoap(USERS, Buffer.from(text, 'latin1'), { as })).toMatchObject(malformed);
    expect(await sendSoap(USERS, text, { as, type: 'text/xml; charset=none-such' })).toMatchObject(malformed);
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'addUser'],
    ['JSON', '{}'],
    ['an end too early', QUESTION.slice(0, -10)],
    ['tags that do not match', QUESTION.replace('</soapenv:Body>', '</soapenv:Head>')],
    ['another document', '<html/>'],
    ['an envelope without a body', `<e:Envelope xmlns:e="${SOAP}"><e:Header/></e:Envelope>`],
    ['an empty body', `<e:Envelope xmlns:e="${SOAP}"><e:Body/></e:Envelope>`],
    ['a document type', `<!DOCTYPE x [<!ENTITY y "z">]>${QUESTION.replace(/^<\?xml.*?\?>/, '')}`],
    ['an entity', QUESTION.replace('>admin<', '>&x;<')],
    ['a zero byte', QUESTION.replace('>admin<', '>adm\0in<')],
    ['a reference to what XML cannot hold', QUESTION.replace('>admin<', '>&#0;<')],
    ['more depth than any message has', QUESTION.replace('>admin<', `>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}<`)],
    ['more elements than any message has', QUESTION.replace('>admin<', `>${'<a/>'.repeat(30_000)}<`)],
  ])('that is %s is a fault', async (_, message) => {
    expect(await sendSoap(USERS, message, { as })).toMatchObject(malformed);
  });

  it.each([
    [
      'entities that grow',
      `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">${'bcdefghij'.replace(/./g, (name, at) => `<!ENTITY ${name} "${`&${'abcdefghij'[at]};`.repeat(10)}">`)}]>`,
    ],
    ['a file', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'],
    ['attributes without an end', `<a ${'b="c" '.repeat(100_000)}`],
    ['tags without an end', '<a>'.repeat(300_000)],
    ['blanks in a tag', `<a${' '.repeat(900_000)}`],
    ['a comment without an end', `<!--${'-'.repeat(900_000)}`],
  ])('meant to keep the server busy is refused at once: %s', async (_, start) => {
    const begin = performance.now();

    const answer = await sendSoap(USERS, start + QUESTION.replace(/^<\?xml.*?\?>/, '').replace('>admin<', '>&f;&j;<'), { as });

    expect(answer).toMatchObject(malformed);
    expect(answer.text).not.toContain('root:');
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('is refused when it is too large, of another type, of another SOAP, or names no operation', async () => {
    const large = QUESTION.replace('>admin<', `>${'a'.repeat(1_048_576)}<`);
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'));

    expect(await sendSoap(USERS, large, { as })).toMatchObject({ status: 413, fault: { faultcode: 'soapenv:Client' } });
    expect(await sendSoap(USERS, bomb, { as, headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 413 });
    for (const type of ['application/soap+xml', 'application/json', 'text/plain', 'multipart/related; boundary=x'])
      expect(await sendSoap(USERS, QUESTION, { as, type })).toMatchObject({ status: 415, fault: { faultcode: 'soapenv:Client' } });
    const soap12 = QUESTION.replace(SOAP, 'http://www.w3.org/2003/05/soap-envelope');
    expect(await sendSoap(USERS, soap12, { as })).toMatchObject({ status: 500, fault: { faultcode: 'soapenv:VersionMismatch' } });
    for (const operation of ['dropUsers', 'constructor', 'toString', '__proto__'])
      expect(await sendSoap(USERS, envelopeOf(USERS, operation), { as })).toMatchObject({
        status: 500,
        fault: { faultcode: 'soapenv:Client', faultstring: `The service ${USERS} has no operation ${operation}.` },
      });
  });

  it('to a service that is none is for nobody', async () => {
    for (const service of ['ServerAdmin', 'Version', 'constructor', `${USERS}/x`])
      expect(
        await management.request(`POST /services/${service}`, { raw: QUESTION, headers: { 'content-type': 'text/xml' } }),
      ).toMatchObject({
        status: 404,
        body: { code: 404 },
      });
  });
});

it('shows no WSDL', async () => {
  for (const path of [`/services/${USERS}?wsdl`, '/services/UserAdmin?xsd', '/t/carbon.super/services/TenantMgtAdminService?wsdl2'])
    expect(await management.request(`GET ${path}`, { as })).toMatchObject({
      status: 403,
      body: expect.stringMatching(/^Access to service metadata for service: \w+ has been forbidden$/),
    });
  expect(await management.request('GET /services/Nothing?wsdl', { as })).toMatchObject({ status: 404 });
  expect(await management.request('GET /services/Version')).toMatchObject({ status: 200 });
});

describe('a SOAP client with a WSDL of the product', () => {
  const folder = temporaryFolder();
  // The server makes its own certificate.
  const httpsAgent = new Agent({ rejectUnauthorized: false });
  afterAll(async () => {
    httpsAgent.destroy();
    await rm(folder, { recursive: true });
  });

  const TYPES = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="http://common.mgt.user.carbon.wso2.org/xsd" elementFormDefault="qualified" targetNamespace="http://org.apache.axis2/xsd">
    <xs:import namespace="http://common.mgt.user.carbon.wso2.org/xsd"/>
    <xs:element name="addUser"><xs:complexType><xs:sequence>
      <xs:element name="userName" type="xs:string" minOccurs="0" nillable="true"/><xs:element name="password" type="xs:string" minOccurs="0"/>
      <xs:element name="roles" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="claims" type="m:ClaimValue" minOccurs="0" maxOccurs="unbounded"/><xs:element name="profileName" type="xs:string" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="addUserResponse"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
    <xs:element name="listAllUsers"><xs:complexType><xs:sequence>
      <xs:element name="filter" type="xs:string" minOccurs="0"/><xs:element name="limit" type="xs:int" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="listAllUsersResponse"><xs:complexType><xs:sequence>
      <xs:element name="return" type="m:FlaggedName" minOccurs="0" maxOccurs="unbounded" nillable="true"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:schema>
  <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" targetNamespace="http://common.mgt.user.carbon.wso2.org/xsd">
    <xs:complexType name="ClaimValue"><xs:sequence>
      <xs:element name="claimURI" type="xs:string" minOccurs="0"/><xs:element name="value" type="xs:string" minOccurs="0"/>
    </xs:sequence></xs:complexType>
    <xs:complexType name="FlaggedName"><xs:sequence>
      <xs:element name="dn" type="xs:string" minOccurs="0" nillable="true"/><xs:element name="editable" type="xs:boolean" minOccurs="0"/>
      <xs:element name="itemName" type="xs:string" minOccurs="0" nillable="true"/><xs:element name="selected" type="xs:boolean" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:schema>`;
  const OPERATIONS = ['addUser', 'listAllUsers'];
  const each = (of: (name: string) => string): string => OPERATIONS.map(of).join('');
  const WSDL = `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://org.apache.axis2/xsd" xmlns:t="http://mgt.user.carbon.wso2.org" targetNamespace="http://mgt.user.carbon.wso2.org">
  <wsdl:types>${TYPES}</wsdl:types>
  ${each((name) => `<wsdl:message name="${name}Request"><wsdl:part name="parameters" element="x:${name}"/></wsdl:message><wsdl:message name="${name}Response"><wsdl:part name="parameters" element="x:${name}Response"/></wsdl:message>`)}
  <wsdl:portType name="UserAdminPortType">${each((name) => `<wsdl:operation name="${name}"><wsdl:input message="t:${name}Request"/><wsdl:output message="t:${name}Response"/></wsdl:operation>`)}</wsdl:portType>
  <wsdl:binding name="UserAdminSoap11Binding" type="t:UserAdminPortType"><s:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
  ${each((name) => `<wsdl:operation name="${name}"><s:operation soapAction="urn:${name}" style="document"/><wsdl:input><s:body use="literal"/></wsdl:input><wsdl:output><s:body use="literal"/></wsdl:output></wsdl:operation>`)}</wsdl:binding>
  <wsdl:service name="UserAdmin"><wsdl:port name="UserAdminHttpsSoap11Endpoint" binding="t:UserAdminSoap11Binding">
    <s:address location="${server.management}/services/UserAdmin.UserAdminHttpsSoap11Endpoint/"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;

  it('adds a user, lists it, and is told of a fault', async () => {
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'UserAdmin.wsdl');
    await writeFile(file, WSDL);
    const client = await createClientAsync(file);
    client.setSecurity(new BasicAuthSecurity(superAdmin.username, superAdmin.password, { httpsAgent }));
    const userName = unique('soap');
    const user = {
      ...{ userName, password: 'Secret12', roles: ['Internal/creator', 'Internal/publisher'] },
      ...{ claims: [{ claimURI: 'http://wso2.org/claims/givenname', value: 'Anna' }], profileName: 'default' },
    };

    await client['addUserAsync'](user);
    const [list]: [{ return: readonly { itemName: string; editable: boolean }[] }] = await client['listAllUsersAsync']({
      filter: userName,
      limit: 10,
    });

    expect(list.return.map(({ itemName, editable }) => [itemName, editable])).toEqual([
      [userName, true],
      ['false', true],
    ]);
    await expect(client['addUserAsync'](user)).rejects.toThrow(/soapenv:Server: User with the name: .* already exists in the system/);
  });
});
