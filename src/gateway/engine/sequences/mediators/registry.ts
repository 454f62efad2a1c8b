import type { Compiler, MediatorCompiler } from '../compiler.js';
import type { PolicyElement } from '../read-document.js';
import { builder } from './builder.js';
import { call } from './call.js';
import { inMediator, out } from './directions.js';
import { drop, loopback, respond, send } from './endings.js';
import { enrich } from './enrich.js';
import { filter } from './filter.js';
import { header } from './header.js';
import { log } from './log.js';
import { makeFault } from './make-fault.js';
import { classMediator, opa } from './native.js';
import { payloadFactory } from './payload-factory.js';
import { property, propertyGroup, variable } from './property.js';
import { rewrite } from './rewrite.js';
import { script } from './script.js';
import { sequence } from './sequence.js';
import { switchMediator } from './switch.js';
import { throwError } from './throw-error.js';

/** The mediators that the gateway runs, by their names in lower case (`reference/mediation.md` §3). */
const MEDIATORS: ReadonlyMap<string, MediatorCompiler> = new Map<string, MediatorCompiler>([
  ['property', property],
  ['propertygroup', propertyGroup],
  ['variable', variable],
  ['header', header],
  ['log', log],
  ['filter', filter],
  ['switch', switchMediator],
  ['payloadfactory', payloadFactory],
  ['enrich', enrich],
  ['sequence', sequence],
  ['respond', respond],
  ['loopback', loopback],
  ['send', send],
  ['drop', drop],
  ['call', call],
  ['makefault', makeFault],
  ['script', script],
  ['class', classMediator],
  ['rewrite', rewrite],
  ['builder', builder],
  ['in', inMediator],
  ['out', out],
  ['throwerror', throwError],
  ['opa', opa],
]);

const LATER: readonly string[] = ['foreach', 'iterate', 'clone', 'aggregate', 'scatter-gather', 'cache'];

/** The compiler of an element. @throws DefinitionError for one that is no mediator here. */
export const mediatorFor = (element: PolicyElement, compiler: Compiler): MediatorCompiler => {
  const name = element.name.toLowerCase();
  const known = MEDIATORS.get(name);
  if (known !== undefined) return known;
  if (LATER.includes(name)) return compiler.refuse(element, 'this mediator is not supported yet');
  return compiler.refuse(element, 'this mediator is never supported');
};
