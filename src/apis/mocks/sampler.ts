import openapiSampler from 'openapi-sampler';
import { atPointer, isObject, type JsonObject } from '../definitions/json-document.js';
import { sampleVisits } from './sample-visits.js';

const DEPTH_MAX = 8;
/** A sample that has grown so large, in characters, is not made with one level more. */
const LARGE = 8_192;
/** Characters of all samples of one definition; what comes after them is empty. */
const BUDGET = 8_000_000;
/** Schemas that one sample, and all samples of one definition, may go through. */
const VISITS_MAX = 20_000;
const VISITS_BUDGET = 10_000_000;
const REFERENCES_MAX = 20;
const EMPTY_XML = '<response/>';

/** Makes values out of schemas: the same ones at every time, and never more than a definition can carry. */
export class Sampler {
  /** By reference, as most schemas are named ones that many operations share. */
  private readonly samples = new Map<string, unknown>();
  private left = BUDGET;
  private visitsLeft = VISITS_BUDGET;

  constructor(private readonly document: JsonObject) {}

  /** A value the schema allows; an empty object where none can be made. */
  json(schema: unknown): unknown {
    const value = this.sampled(schema);
    this.left -= JSON.stringify(value)?.length ?? 0;
    return this.left > 0 ? value : {};
  }

  /** An example, or else a value the schema allows, as XML. */
  xml(example: unknown, schema: unknown): string {
    const described = example === undefined ? this.resolved(schema) : { type: 'object', example };
    try {
      const maxSampleDepth = this.depthOf(schema);
      if (!this.mayVisit(described, maxSampleDepth)) return EMPTY_XML;
      const text = String(openapiSampler.sample(described, { quiet: true, format: 'xml', maxSampleDepth }, this.document));
      this.left -= text.length;
      return this.left > 0 ? text : EMPTY_XML;
    } catch {
      return EMPTY_XML; // a schema that describes no XML
    }
  }

  /** What a reference within the definition leads to; the value itself when it is none, an empty object for what is not there. */
  resolved(value: unknown): JsonObject {
    let at = value;
    for (let step = 0; step < REFERENCES_MAX && isObject(at); step += 1) {
      const { $ref: reference } = at;
      if (typeof reference !== 'string') return at;
      at = reference.startsWith('#/') ? atPointer(this.document, reference) : undefined;
    }
    return {};
  }

  private sampled(schema: unknown): unknown {
    const reference = isObject(schema) && typeof schema['$ref'] === 'string' ? schema['$ref'] : undefined;
    if (reference !== undefined && this.samples.has(reference)) return this.samples.get(reference);
    const value = this.atDepth(schema, this.depthOf(schema)) ?? {};
    if (reference !== undefined) this.samples.set(reference, value);
    return value;
  }

  /** One level at a time: schemas that refer to one another make samples that grow exponentially. */
  private depthOf(schema: unknown): number {
    let depth = 1;
    let before = '';
    while (depth < DEPTH_MAX) {
      const text = JSON.stringify(this.atDepth(schema, depth)) ?? '';
      if (text === before || text.length > LARGE) return depth;
      if (!this.mayVisit(schema, depth + 1)) return depth;
      before = text;
      depth += 1;
    }
    return depth;
  }

  private mayVisit(schema: unknown, depth: number): boolean {
    const visits = sampleVisits(this.document, schema, depth, Math.min(VISITS_MAX, this.visitsLeft));
    this.visitsLeft = Math.max(0, this.visitsLeft - visits);
    return visits <= VISITS_MAX && this.visitsLeft > 0;
  }

  private atDepth(schema: unknown, maxSampleDepth: number): unknown {
    try {
      if (!this.mayVisit(schema, maxSampleDepth)) return undefined;
      return openapiSampler.sample(isObject(schema) ? schema : {}, { quiet: true, maxSampleDepth }, this.document);
    } catch {
      return undefined; // a reference that leads nowhere, rules that contradict one another, or a chain of references without end
    }
  }
}
