import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const EmptyElement = problem(400, 902020, 'Bad Request', 'Request body can not have empty elements');
export const UnknownComponent = problem(400, 902021, 'Bad Request', 'Request body contains invalid correlation component name');
export const NotSwitched = (name: string): Problem => BadRequest(`The component ${name} is enabled with 'true' or 'false'`);
export const NamedTwice = (name: string): Problem => BadRequest(`The component ${name} stands there twice`);
export const UnknownProperty = (component: string, property: string): Problem =>
  BadRequest(`The component ${component} has no property '${property}'; jdbc alone has one, deniedThreads`);
