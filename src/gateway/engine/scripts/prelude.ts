/**
 * The world of a script, in JavaScript (`reference/mediation.md` §5): evaluated once, in the isolate. All that a script reads or changes goes through
 * `host`, as JSON, and only what it asks for. What a script does to these objects is gone with its run.
 */
export const PRELUDE = `
(function (ask) {
  'use strict';
  delete globalThis.host;
  var parse = JSON.parse, stringify = JSON.stringify, text = String;
  function call() {
    var answer = parse(ask(stringify(Array.prototype.slice.call(arguments))));
    if (answer.error !== undefined) throw new Error(answer.error);
    return valueOf(answer);
  }
  function valueOf(answer) {
    if (answer.xml !== undefined) return xml(answer.xml);
    return answer.value === undefined ? null : answer.value;
  }
  function Xml(markup) { this.toString = this.toXMLString = function () { return markup; }; }
  function xml(markup) { return new Xml(markup); }
  function given(value) {
    if (value instanceof Xml) return { xml: value.toString() };
    return { value: value === undefined ? null : value };
  }
  function textOrNull(value) { return value === null || value === undefined ? null : text(value); }
  function address(part) {
    var at = call('address', part);
    return at === null ? null : { getAddress: function () { return at; }, toString: function () { return at; } };
  }
  function setAddress(part) { return function (value) { call('setAddress', part, textOrNull(value)); }; }
  function plainAddress(part) { return function () { return call('address', part); }; }
  function reference(part) { return function () { return address(part); }; }
  function is(format) { return function () { return call('get', 'default', 'MESSAGE_FORMAT') === format; }; }
  function never() { return false; }
  function log(level) { return function (line) { call('log', level, text(line)); }; }
  var service = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  service.trace = service.debug;
  service.fatal = service.error;

  globalThis.mc = {
    getProperty: function (name) { return call('get', 'default', text(name)); },
    setProperty: function (name, value, scope) { call('set', textOrNull(scope), text(name), given(value)); },
    removeProperty: function (name, scope) { call('remove', textOrNull(scope), text(name)); },
    getVariable: function (name) { return call('get', 'var', text(name)); },
    setVariable: function (name, value) { call('set', 'var', text(name), given(value)); },
    getPayloadJSON: function () { return call('json'); },
    setPayloadJSON: function (payload) {
      if (payload instanceof Xml) throw new TypeError('XML is not JSON: see setPayloadXML');
      call('setJson', typeof payload === 'string' ? parse(payload) : payload === undefined ? null : payload);
    },
    getPayloadXML: function () { return call('xml'); },
    setPayloadXML: function (payload) { call('setXml', text(payload)); },
    getPayloadText: function () { return call('text'); },
    getJsonText: function () { return call('text'); },
    getEnvelopeXML: function () { return call('envelope'); },
    addHeader: function (mustUnderstand, block) { call('addHeader', !!mustUnderstand, text(block)); },
    getTo: reference('To'), setTo: setAddress('To'),
    getFrom: reference('From'), setFrom: setAddress('From'),
    getReplyTo: reference('ReplyTo'), setReplyTo: setAddress('ReplyTo'),
    getFaultTo: reference('FaultTo'), setFaultTo: setAddress('FaultTo'),
    getWSAAction: plainAddress('Action'), setWSAAction: setAddress('Action'),
    getSoapAction: plainAddress('Action'), setSoapAction: setAddress('Action'),
    getMessageID: plainAddress('MessageID'), setMessageID: setAddress('MessageID'),
    getRelatesTo: plainAddress('RelatesTo'),
    isResponse: function () { return call('flag', 'isResponse'); },
    setResponse: function (value) { call('setFlag', 'isResponse', !!value); },
    isFaultResponse: function () { return call('flag', 'isFault'); },
    setFaultResponse: function (value) { call('setFlag', 'isFault', !!value); },
    isDoingPOX: is('pox'), isDoingGET: is('get'), isSOAP11: is('soap11'), isDoingMTOM: never, isDoingSWA: never,
    getServiceLog: function () { return service; }
  };
  ['getConfiguration', 'setConfiguration', 'getEnvironment', 'setEnvironment', 'getSequence', 'getMainSequence', 'getFaultSequence', 'getEndpoint',
    'getDefaultConfiguration', 'getEntry', 'getLocalEntry', 'getEnvelope', 'setEnvelope', 'getContextEntries', 'setContextEntries', 'getSequenceTemplate',
    'getFormat', 'getFaultStack', 'pushFaultHandler', 'getPropertyKeySet', 'setDoingPOX', 'setDoingGET', 'setDoingMTOM', 'setDoingSWA', 'getAxis2MessageContext'
  ].forEach(function (name) { globalThis.mc[name] = function () { throw new Error('mc.' + name + ' is not supported'); }; });
  globalThis.print = service.info;
  Math.random = function random() { return call('random'); };
  var parameters;
  Object.defineProperty(globalThis, 'parameters', {
    configurable: true,
    get: function () { return parameters === undefined ? (parameters = call('parameters')) : parameters; },
    set: function (value) { Object.defineProperty(globalThis, 'parameters', { value: value, writable: true, configurable: true }); }
  });
})(host);
`;

/** What scripts usually do. */
export const WARM_UP = `
var list = [], table = {}, matched = 'a-b c'.replace(/(\\w)-(\\w)/g, function (all, one) { return one.toUpperCase(); }).match(/[a-z]+$/i);
for (var i = 0; i < 300; i++) { list.push({ name: 'n' + i, value: i * 1.5 }); table['k' + i] = list[i]; }
list = list.filter(function (each) { return each.value % 2 < 1; }).map(({ name, value }) => \`\${name}: \${value}\`).sort().reverse();
var copy = JSON.parse(JSON.stringify({ list, table, text: '\\u00e9"\\\\', when: new Date().toISOString(), none: null, yes: true }));
for (const [key, value] of Object.entries(copy)) String(key).split('').join(',').trim().substring(0, 4).indexOf('e');
class Point { constructor(x) { this.x = x; } get double() { return this.x * 2; } }
new Map([['a', new Point(1).double]]).forEach((value, key) => parseInt(value + key, 10) || Number('1e3').toFixed(2));
try { null.x; } catch (error) { String(error.stack); }
try { JSON.parse('{'); } catch (error) { String(error); }
mc.setProperty('a', 1); mc.getProperty('a'); mc.getPayloadJSON(); mc.setPayloadJSON({ a: [1, 'b'] }); encodeURIComponent('a b'); Math.max(1, Math.random());
false;
`;
