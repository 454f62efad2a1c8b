import { camelCase, pascalCase, snakeCase, UniqueNames } from './identifiers.js';

it.each([
  ['getPet', 'getPet', 'GetPet', 'get_pet'],
  ['get-pet by id', 'getPetById', 'GetPetById', 'get_pet_by_id'],
  ['APIKey', 'apiKey', 'APIKey', 'api_key'],
  ['listAPIs', 'listAPIs', 'ListAPIs', 'list_apis'],
  ['oauth2Token', 'oauth2Token', 'Oauth2Token', 'oauth2_token'],
  ['Ärger', 'arger', 'Arger', 'arger'],
  ['404', 'n404', 'N404', 'n_404'],
  ['…', '', '', ''],
])('%p is %p, %p and %p', (text, camel, pascal, snake) => {
  expect([camelCase(text), pascalCase(text), snakeCase(text)]).toEqual([camel, pascal, snake]);
});

it('names that differ by case or underscores alone get numbers', () => {
  const names = new UniqueNames(['self']);

  expect(['pet', 'Pet', 'p_et', 'self'].map((name) => names.take(name))).toEqual(['pet', 'Pet2', 'p_et3', 'self2']);
});
