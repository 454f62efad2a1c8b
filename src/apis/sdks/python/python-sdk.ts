import { lineOf } from '../client-texts.js';
import type { SdkFile } from '../sdk-files.js';
import type { SdkNames } from '../sdk-names.js';
import { markdownLine } from '../typescript-readme.js';
import type { SdkInput } from '../typescript-sdk.js';
import { type PythonMethod, pythonClient } from './python-client.js';
import { PYTHON_RUNTIME } from './python-runtime.js';
import { literal } from './python-text.js';
import { PythonTypes } from './python-types.js';

/** A package in Python 3.11 and later, on the standard library alone: a class with a method for each operation, and types for what goes in and out. */
export const pythonSdk = ({ definition, names, tokenHeader }: Omit<SdkInput, 'folder'>): readonly SdkFile[] => {
  const types = new PythonTypes(definition.components.schemas);
  const { api_key: key } = definition.components.securitySchemes;
  const keyHeader = key?.type === 'apiKey' ? key.name : undefined;
  const client = pythonClient(definition, types, { tokenHeader, keyHeader });
  const module = `src/${names.module}`;
  return [
    ['README.md', readme(names, definition.servers[0]?.url, client.methods, keyHeader)],
    ['pyproject.toml', project(names)],
    [`${module}/__init__.py`, INIT],
    [`${module}/_http.py`, PYTHON_RUNTIME],
    [`${module}/client.py`, client.text],
    [`${module}/models.py`, types.models()],
    [`${module}/py.typed`, ''],
  ];
};

const INIT = `from . import models
from ._http import ApiError, Upload
from .client import Client

__all__ = ["ApiError", "Client", "Upload", "models"]
`;

const project = ({ artifactId, packageVersion, api }: SdkNames): string => `[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = ${literal(artifactId.toLowerCase())}
version = ${literal(packageVersion)}
description = ${literal(`Client of the API ${lineOf(api) ?? ''}`)}
readme = "README.md"
requires-python = ">=3.11"
dependencies = []

[tool.setuptools.packages.find]
where = ["src"]

[tool.setuptools.package-data]
"*" = ["py.typed"]
`;

const readme = (
  { api, version, module }: SdkNames,
  url: string | undefined,
  methods: readonly PythonMethod[],
  keyHeader: string | undefined,
): string => {
  const [first] = methods;
  const address = url === undefined ? '"https://address.of.the.gateway/context/version", ' : '';
  return `# Client of ${markdownLine(api)} ${markdownLine(version)}

For Python 3.11 and later, without dependencies. Made from the definition in the developer portal.

\`\`\`python
from ${module} import ApiError, Client

client = Client(${address}access_token=token)
try:
    print(client.${first?.example ?? '...'})
except ApiError as error:
    print(error.status, error.body)
\`\`\`

A secured operation is called with ${keyHeader === undefined ? '`access_token`, which may be a function' : '`access_token` or `api_key`, either of which may be a function'}. \`Upload\` is a file of a form.

## Operations

${methods.map(({ example, operation }) => `- \`${example}\`${operation.summary === undefined ? '' : `: ${markdownLine(operation.summary)}`}`).join('\n')}
`;
};
