import { jsonToXml } from './json-to-xml.js';
import { xmlToJson } from './xml-to-json.js';

it.each([
  ['{"a":1,"b":"x"}', '<jsonObject><a>1</a><b>x</b></jsonObject>'],
  [
    '[1,[2,3],{"a":4}]',
    '<jsonArray><jsonElement>1</jsonElement><jsonElement><jsonArray><jsonElement>2</jsonElement><jsonElement>3</jsonElement></jsonArray></jsonElement><jsonElement><a>4</a></jsonElement></jsonArray>',
  ],
  ['{"a":[1,2],"b":[]}', '<jsonObject><a>1</a><a>2</a></jsonObject>'],
  ['{"a":null,"b":{},"c":""}', '<jsonObject><a/><b/><c/></jsonObject>'],
  ['{"a":25.0000,"b":123456789012345678901234567890}', '<jsonObject><a>25.0000</a><b>123456789012345678901234567890</b></jsonObject>'],
  [
    '{"a b":1,"$c":2,"x:y":3,"1z":4}',
    '<jsonObject><a_JsonReader_32_b>1</a_JsonReader_32_b><_JsonReader_PS_c>2</_JsonReader_PS_c><x_JsonReader_58_y>3</x_JsonReader_58_y><_JsonReader_PD_1z>4</_JsonReader_PD_1z></jsonObject>',
  ],
  ['{"a":"<b>&\\u0000"}', '<jsonObject><a>&lt;b&gt;&amp;\ufffd</a></jsonObject>'],
  ['{}', '<jsonObject/>'],
])('%s is %s as XML', (json, xml) => {
  expect(jsonToXml(json)).toBe(xml);
});

it.each(['1', '"a"', 'null', '{', ''])('%s is no body for XML', (json) => {
  expect(() => jsonToXml(json)).toThrow();
});

it.each([
  ['<a>1</a>', '{"a":1}'],
  ['<a x="1">t</a>', '{"a":{"@x":1,"$":"t"}}'],
  ['<n:a xmlns:n="urn:n" xmlns="urn:m"><b>1</b><b>25.0000</b><c/></n:a>', '{"a":{"b":[1,25.0000],"c":null}}'],
  ['<a>true</a>', '{"a":true}'],
  ['<a>007</a>', '{"a":"007"}'],
  ['<a>"q"\n</a>', '{"a":"\\"q\\"\\n"}'],
  ['<s:Envelope xmlns:s="x"><s:Header/><s:Body><m><v>1</v></m></s:Body></s:Envelope>', '{"m":{"v":1}}'],
  ['<a><__proto__>1</__proto__></a>', '{"a":{"__proto__":1}}'],
])('%s is %s as JSON', (xml, json) => {
  expect(xmlToJson(xml)).toBe(json);
});

it.each(['{"a":1,"b":[1,2],"$c":"x","1z":null,"x:y":true}', '[1,[2,3],{"a":4}]', '{}'])('%s comes back from XML', (json) => {
  expect(JSON.parse(xmlToJson(jsonToXml(json)))).toEqual(JSON.parse(json));
});
