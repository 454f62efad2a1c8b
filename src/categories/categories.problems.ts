import { AlreadyExists, BadRequest, Conflict, NotFound } from '../domain/problem.js';

export const CategoryNotFound = NotFound('API Category');
/** The product answers 500 with this text; the name is at fault. */
export const CategoryExists = (name: string) =>
  AlreadyExists(`Error while adding new API Category '${name}' - Category with name '${name}' already exists`);
export const CategoryNameInvalid = () => BadRequest('The name of an API category must not be blank or hold special characters.');
export const CategoryInUse = () => Conflict('Unable to delete the category. It is attached to API(s)');
