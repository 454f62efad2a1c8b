import { BadRequest, problem } from '../domain/problem.js';

export const LabelExists = problem(409, 900650, 'Label Name Already Exists', "Label with name '%s' already exists");
export const LabelNotFound = problem(404, 900651, 'Label Not Found', 'Label not found for the given label ID: %s');
export const LabelAttached = problem(409, 900654, 'Label Deletion Failed', 'The label cannot be deleted as it is associated with API(s).');
export const LabelNameBlank = () => BadRequest('The name of a label must not be blank.');
