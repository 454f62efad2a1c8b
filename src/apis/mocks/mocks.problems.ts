import { BadRequest } from '../../domain/problem.js';

export const MocksTooLarge = () => BadRequest('The definition is too complex for mock scripts to be generated.');
