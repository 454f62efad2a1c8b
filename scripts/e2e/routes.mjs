import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { previewApp } from '../../dist/documents.js';

const scanner = new MetadataScanner();
const listed = (value) => [value].flat();
const joined = (...parts) =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .map((part) => part.replace(/^:(.+)$/, '{$1}'))
    .join('/')}`;

const routesOf = ({ prototype }, bases) =>
  scanner.getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const path = Reflect.getMetadata(PATH_METADATA, handler);
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)];
    return path === undefined ? [] : bases.flatMap((base) => listed(path).map((own) => `${method} ${joined(base, own)}`));
  });

/** Prints every route that a controller of the built server has, `GET /api/…/{apiId}`, as a JSON array. */
const { app } = await previewApp();
const controllers = new Set(
  [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype)),
);
const routes = [...controllers].flatMap((type) => routesOf(type, listed(Reflect.getMetadata(PATH_METADATA, type))));
process.stdout.write(JSON.stringify([...new Set(routes)].sort()));
