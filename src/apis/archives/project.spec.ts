import { ProjectDefinitionMissing } from './api-archives.problems.js';
import { memberFolders, projectIn, wrappedIn } from './project.js';

const filesOf = (...paths: readonly string[]) => new Map(paths.map((path) => [path, Buffer.from(path)]));

describe('the project of an archive', () => {
  it.each([
    [
      ['api.yaml', 'Docs/a/document.yaml'],
      ['api.yaml', 'Docs/a/document.yaml'],
    ],
    [
      ['A-1/api.json', 'A-1/Image/icon.png', 'readme'],
      ['api.json', 'Image/icon.png'],
    ],
    [
      ['A-1/api.yaml', 'A-1/api.json'],
      ['api.yaml', 'api.json'],
    ],
    [['A-1/api.yaml', '__MACOSX/api.yaml', 'A-1/.DS_Store'], ['api.yaml']],
  ])('of %j is %j', (paths, expected) => expect([...projectIn(filesOf(...paths), 'api').keys()]).toEqual(expected));

  it.each([[[]], [['a/b/api.yaml']], [['a/api.yaml', 'b/api.yaml']], [['my-api.yaml']], [['api_product.yaml']]])('is not in %j', (paths) =>
    expect(() => projectIn(filesOf(...paths), 'api')).toThrow(ProjectDefinitionMissing()));

  it('is told by the kind that is asked for', () => {
    const files = filesOf('P-1/api_product.yaml', 'P-1/APIs/A-1/api.yaml');

    expect([...projectIn(files, 'api_product').keys()]).toEqual(['api_product.yaml', 'APIs/A-1/api.yaml']);
  });
});

it('finds the members of a product, once each', () => {
  const files = filesOf('APIs/b-1/api.json', 'APIs/a-1/api.yaml', 'APIs/a-1/api.json', 'APIs/c-1/Docs/x', 'x/APIs/d-1/api.yaml');

  expect(memberFolders(files)).toEqual(['a-1', 'b-1']);
});

describe('an archive that the CLI wrapped', () => {
  it.each([
    [
      ['SourceArchive.zip', 'Deployment/a.crt'],
      ['SourceArchive.zip', 'Deployment/a.crt'],
    ],
    [
      ['Prod/SourceArchive.zip', 'Prod/intermediate_params.yaml', 'x'],
      ['SourceArchive.zip', 'intermediate_params.yaml'],
    ],
  ])('in %j comes with %j', (paths, beside) => {
    const wrapped = wrappedIn(filesOf(...paths));

    expect(wrapped?.source.toString()).toBe(paths[0]);
    expect([...(wrapped?.beside.keys() ?? [])]).toEqual(beside);
  });

  it('is none without its source', () => expect(wrappedIn(filesOf('api.yaml', 'a/b/SourceArchive.zip'))).toBeUndefined());
});
