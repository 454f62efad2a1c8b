import type { ResourceSequence } from '../resource-policies/resource-policy.entity.js';
import { type ComplexTypes, type MessageRoot, type SoapOperation, Untranslatable, type ValueType } from './rest-model.js';

const ENVELOPES = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' } as const;

/** Characters of the types that one translation carries; the gateway reads them for every call. Parts beyond are written as they are sent. */
const TYPES_LENGTH_MAX = 24_000;
/** Characters of all translations together. */
const LENGTH_MAX = 16_000_000;

/** The translations of the REST face, two for each operation (`reference/protocols.md` §7). Throws {@link Untranslatable} when they are too many. */
export const restSequences = (operations: readonly SoapOperation[], types: ComplexTypes): readonly ResourceSequence[] => {
  let left = LENGTH_MAX;
  return operations.flatMap((operation): readonly ResourceSequence[] => {
    const place = { resourcePath: operation.path.slice(1), httpVerb: 'post' };
    const request = requestSequence(operation, types);
    left -= request.length;
    if (left < 0) throw new Untranslatable('Its operations are too many to be translated one by one.');
    return [
      { ...place, sequenceType: 'in', content: request },
      { ...place, sequenceType: 'out', content: ANSWER },
    ];
  });
};

const ANSWER = '<property name="messageType" value="application/json" scope="axis2"/>';

/**
 * Makes the elements of a JSON value, in the order that the message's type has, whatever order they were sent in: lists are repeated elements, `@name` is an
 * attribute and `$` the text beside attributes. What the type does not know, or says nothing about, follows as it was sent.
 */
const SCRIPT = `try {
var message = JSON.parse(mc.getProperty('soap.message')), NAME = /^[A-Za-z_][\\w.-]*$/, MARKUP = /[&<>"]/;
var XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>';
function escaped(value) {
  var text = String(value);
  return MARKUP.test(text) ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;') : text;
}
function elements(field, value, outer) {
  if (!NAME.test(field.name)) throw new Error('No element can be named ' + field.name);
  var namespace = field.namespace === undefined ? outer : field.namespace, all = '';
  var start = '<' + field.name + (namespace === outer ? '' : ' xmlns="' + escaped(namespace) + '"'), end = '</' + field.name + '>';
  if (!Array.isArray(value)) return element(field, value, namespace, start, end);
  for (var i = 0; i < value.length; i++) all += element(field, value[i], namespace, start, end);
  return all;
}
function element(field, value, namespace, start, end) {
  if (value === null) return field.nillable ? start + XSI : '';
  if (typeof value !== 'object') return start + '>' + escaped(value) + end;
  var known = message.types[field.type] || [], names = {}, inside = '', text = '';
  for (var part of known) {
    names[part.name] = true;
    if (Object.hasOwn(value, part.name)) inside += elements(part, value[part.name], namespace);
  }
  for (var name in value) {
    if (name === '$') text = escaped(value.$);
    else if (name[0] === '@' && NAME.test(name.slice(1))) start += ' ' + name.slice(1) + '="' + escaped(value[name]) + '"';
    else if (!Object.hasOwn(names, name)) inside += elements({ name: name }, value[name], namespace);
  }
  return start + '>' + text + inside + end;
}
var sent = mc.getPayloadJSON(), root = message.root, body = '';
if (root) {
  var value = sent !== null && typeof sent === 'object' && Object.hasOwn(sent, root.name) ? sent[root.name] : sent;
  body = elements(root, value === null ? {} : value, '');
}
mc.setPayloadXML('<soapenv:Envelope xmlns:soapenv="' + message.envelope + '"><soapenv:Header/><soapenv:Body>' + body + '</soapenv:Body></soapenv:Envelope>');
} catch (error) {
mc.setProperty('soap.refusal', error.message);
}`;

const requestSequence = ({ action, soapVersion, request }: SoapOperation, types: ComplexTypes): string => {
  const message = JSON.stringify({ envelope: ENVELOPES[soapVersion], root: rootOf(request), types: typesOf(request, types) });
  const type =
    soapVersion === '1.1'
      ? `<header name="SOAPAction" scope="transport" value=${quoted(`"${action}"`)}/>
<property name="messageType" value="text/xml" scope="axis2"/>`
      : `<property name="messageType" value="application/soap+xml" scope="axis2"/>
<property name="ContentType" value=${quoted(`application/soap+xml; charset=UTF-8${action === '' ? '' : `; action="${action}"`}`)} scope="axis2"/>`;
  return `<filter source="$trp:Content-Type" regex="(?i)\\s*application/json\\s*(;.*)?">
<then><property name="soap.message" value=${quoted(message)}/></then>
<else>
<payloadFactory media-type="json"><format>{"error": "Invalid Content-Type detected"}</format><args/></payloadFactory>
<property name="HTTP_SC" value="400" scope="axis2"/>
<respond/>
</else>
</filter>
<script language="js"><![CDATA[
${SCRIPT}
]]></script>
<filter xpath="boolean(get-property('soap.refusal'))">
<then>
<payloadFactory media-type="json"><format>{"error": "$1"}</format><args><arg expression="get-property('soap.refusal')"/></args></payloadFactory>
<property name="HTTP_SC" value="400" scope="axis2"/>
<respond/>
</then>
</filter>
<property name="REST_URL_POSTFIX" scope="axis2" action="remove"/>
<header name="Accept" scope="transport" action="remove"/>
${type}`;
};

/** As the value of an attribute; the quotes of JSON stay as they are, so that people can read it. */
const quoted = (text: string): string => `'${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;')}'`;

const typeKey = (type: ValueType): string | undefined => (typeof type === 'object' && 'complex' in type ? type.complex : undefined);

const rootOf = (root: MessageRoot) => {
  if (root === null) return null;
  const type = typeKey(root.type);
  return { name: root.name, namespace: root.namespace, ...(type !== undefined && { type }) };
};

/** The elements of the root's type and of those that it uses, the nearest first; attributes need no place. */
const typesOf = (root: MessageRoot, types: ComplexTypes): Readonly<Record<string, readonly object[]>> => {
  const found: Record<string, readonly object[]> = {};
  const first = root === null ? undefined : typeKey(root.type);
  const waiting = first === undefined ? [] : [first];
  const seen = new Set(waiting);
  let left = TYPES_LENGTH_MAX;
  for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
    const elements = (types.get(key)?.fields ?? []).filter(({ isAttribute }) => !isAttribute);
    const parts = elements.map(({ name, namespace, type: value, isNillable }) => {
      const type = typeKey(value);
      return { name, namespace, ...(type !== undefined && { type }), ...(isNillable && { nillable: true }) };
    });
    left -= JSON.stringify(parts).length + key.length;
    if (left < 0) break;
    found[key] = parts;
    for (const { type: value } of elements) {
      const next = typeKey(value);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return found;
};
