import { compileSequence } from './compile-sequence.js';
import { DefinitionError } from './message.js';

const compile = (text: string) => () => compileSequence(text, { carrier: 'policy' });

it.each([
  ['<xslt key="x"/>', 'xslt (line 1): this mediator is never supported'],
  ['<log/>\n<foreach expression="//a"/>', 'foreach (line 2): this mediator is not supported yet'],
  ['<property/>', "property (line 1): the attribute 'name' is missing"],
  ['<property name="a"/>', 'it needs a value or an expression'],
  ['<property name="a" value="b" scope="registry"/>', "the scope 'registry' is never supported"],
  ['<property name="a" value="b" scope="nowhere"/>', "'nowhere' is no scope"],
  ['<property name="a" value="b" type="WORD"/>', "'WORD' is no type"],
  ['<property name="a" value="b" group="1"/>', 'group needs a pattern'],
  ['<property name="a" value="b" pattern="(" />', 'property (line 1)'],
  ['<property name="a" value="b" action="keep"/>', "'keep' is no action"],
  ['<property name="FORCE_SC_ACCEPTED" value="true" scope="axis2"/>', 'not supported yet'],
  ['<header name="Cookie" value="a"/>', "'Cookie' is none of To"],
  ['<header name="To"/>', 'it needs a value or an expression'],
  ['<header name="To" value="a" scope="axis2"/>', "'axis2' is no scope"],
  ['<log level="loud"/>', "'loud' is no level"],
  ['<log category="NEWS"/>', "'NEWS' is no category"],
  ['<filter source="a"/>', 'it needs an xpath, or a source and a regex'],
  ['<filter xpath="\'a\'"><else/></filter>', 'else needs a then'],
  ['<switch><case regex="a"/></switch>', "the attribute 'source' is missing"],
  ['<payloadFactory media-type="yaml"><format>a</format></payloadFactory>', "'yaml' is no media-type"],
  ['<payloadFactory template-type="freemarker"><format>a</format></payloadFactory>', 'never supported'],
  ['<payloadFactory><format key="conf:a"/></payloadFactory>', 'a format by key is never supported'],
  ['<payloadFactory/>', 'it needs a format'],
  ['<enrich><source type="body"/><target type="body"/></enrich>', 'a source of the type body cannot go'],
  ['<enrich><source type="inline">1</source><target xpath="json-eval($)"/></enrich>', 'the whole body cannot be a custom target'],
  ['<sequence key="nobody"/>', "the sequence 'nobody' is not known"],
  ['<sequence key="fault" onError="fault"/>', 'key and onError do not go together'],
  ['<sequence/>', 'it needs a name or a key'],
  ['<script language="groovy">1</script>', "scripts in 'groovy' are never supported"],
  ['<script language="js">var a = ;</script>', 'SyntaxError'],
  ['<script language="js" key="conf:a"/>', "'key' is never supported"],
  ['<class name="com.example.Mine"/>', "the class 'com.example.Mine' is never supported"],
  ['<send><endpoint key="e"/></send>', "an endpoint by 'key' is never supported"],
  ['<send><endpoint><address uri="jms:/queue"/></endpoint></send>', "the scheme 'jms' is never supported"],
  ['<send><endpoint><http uri-template="http://a/{x}"/></endpoint></send>', "'{x}' is no variable"],
  ['<call><endpoint><wsdl/></endpoint></call>', "the endpoint form 'wsdl' is never supported"],
  ['<call><endpoint><address uri="http://a"><authentication/></address></endpoint></call>', 'not supported yet'],
  ['<makefault><code value="Server"/><reason value="r"/></makefault>', "'Server' is no fault code"],
  ['<rewrite><rewriterule><condition/></rewriterule></rewrite>', 'not supported yet'],
  ['<builder><messageBuilder contentType="a/b" class="com.example.Mine"/></builder>', 'never supported'],
  ['<respond><log/></respond>', "'log' is not known in respond"],
  ['<x:log xmlns:x="urn:x"/>', "it is in the namespace 'urn:x'"],
  [`${'<sequence name="s">'.repeat(33)}<log/>${'</sequence>'.repeat(33)}`, 'nested more than 32 deep'],
])('refuses %s', (text, reason) => {
  expect(compile(text)).toThrow(DefinitionError);
  expect(compile(text)).toThrow(reason);
});

it.each([
  ['<property name="a" value="b"/>', { usesPayload: false, usesLength: false, sends: false }],
  ['<property name="a" expression="json-eval($.a)"/>', { usesPayload: true, usesLength: false, sends: false }],
  ['<property name="messageType" value="text/xml" scope="axis2"/>', { usesPayload: true, usesLength: false, sends: false }],
  ['<property name="DISABLE_CHUNKING" value="true" scope="axis2"/>', { usesPayload: false, usesLength: true, sends: false }],
  ['<log level="custom"><property name="a" value="b"/></log>', { usesPayload: false, usesLength: false, sends: false }],
  ['<log/>', { usesPayload: true, usesLength: false, sends: false }],
  [
    '<sequence name="s"><filter source="\'a\'" regex="a"><send/></filter></sequence>',
    { usesPayload: true, usesLength: false, sends: true },
  ],
])('knows what %s needs', (text, needs) => {
  expect(compile(text)()).toMatchObject(needs);
});

it('compiles scripts for a check without running anything', () => {
  expect(compile('<script language="js">mc.setProperty("a", 1);</script>')).not.toThrow();
});
