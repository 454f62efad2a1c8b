import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PageQuery } from '../../platform/http/page.js';
import { parseQuery, type SearchTerm } from '../api-query.js';
import { type ApiListItem, LIST_COLUMNS, Parameters, withoutNul } from '../apis.queries.js';
import type { ListedDocument } from '../documents/document.entity.js';
import { searching } from './searching.js';
import { isWords, type Sight } from './sight.js';

/** What of a document a search shows. */
type FoundDocument = Pick<
  ListedDocument,
  'id' | 'name' | 'type' | 'otherTypeName' | 'summary' | 'sourceType' | 'sourceUrl' | 'visibility' | 'createdAt' | 'updatedAt'
>;

/** One hit: an API or product itself, its definition, or one of its documents. */
export type SearchHit =
  | { readonly kind: 'API' | 'DEFINITION'; readonly api: ApiListItem }
  | { readonly kind: 'DOC'; readonly api: ApiListItem; readonly document: FoundDocument };

type Row = ApiListItem & {
  readonly total: string;
  /** Null where the page is empty; then there is no API either. */
  readonly kind: 'API' | 'DEFINITION' | 'DOC' | null;
  readonly document: FoundDocumentRow | null;
};
type FoundDocumentRow = Omit<FoundDocument, 'createdAt' | 'updatedAt'> & { readonly createdMs: number; readonly updatedMs: number };

const DOCUMENT = `jsonb_build_object('id', id, 'name', name, 'type', type, 'otherTypeName', other_type_name, 'summary', summary,
  'sourceType', source_type, 'sourceUrl', source_url, 'visibility', visibility,
  'createdMs', floor(extract(epoch FROM created_at) * 1000), 'updatedMs', floor(extract(epoch FROM updated_at) * 1000))`;

/** Searches APIs, products, definitions and documents of a tenant at once. */
@Injectable()
export class SearchQueries {
  constructor(private readonly database: DataSource) {}

  /**
   * One page of what the sight shows, by name, and how many hits there are. Words find all three kinds; fields alone find APIs and products, and next to words
   * they say whose definitions and documents count.
   */
  async search(
    sight: Sight,
    query: string,
    { limit, offset }: PageQuery,
  ): Promise<{ readonly hits: readonly SearchHit[]; readonly total: number }> {
    const terms = parseQuery(withoutNul(query), 'everything');
    const parameters = new Parameters();
    const hits = hitsOf(sight, terms, parameters);
    const window = `LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)}`;
    return searching(this.database, terms, async (em) => {
      const rows: readonly Row[] = await em.query(
        `WITH hits AS MATERIALIZED (SELECT ${hits.columns} FROM ${hits.from}),
           page AS (SELECT *, row_number() OVER (ORDER BY ${HITS_ORDER}) AS place FROM hits ORDER BY ${HITS_ORDER} ${window})
         SELECT counted.total, page.kind, api.*, document.document FROM (SELECT count(*) AS total FROM hits) AS counted
         LEFT JOIN page ON true
         LEFT JOIN LATERAL (SELECT ${LIST_COLUMNS} FROM apis WHERE id = page.api_id) AS api ON true
         LEFT JOIN LATERAL (SELECT ${DOCUMENT} AS document FROM api_documents WHERE page.kind = 'DOC' AND id = page.item_id) AS document ON true
         ORDER BY place`,
        parameters.values,
      );
      return { hits: rows.flatMap(hitOf), total: Number(rows[0]?.total ?? 0) };
    });
  }
}

const HITS_ORDER = 'sought_name, version COLLATE api_version_order, kind, item_id';

interface Hits {
  readonly columns: string;
  readonly from: string;
}

const hitsOf = (sight: Sight, terms: readonly SearchTerm[], parameters: Parameters): Hits => {
  const organization = parameters.next(sight.organization);
  const narrowing = [
    ...sight.apis(parameters, organization),
    ...terms.filter((term) => !isWords(term)).map((term) => sight.term(term, parameters, organization)),
  ];
  const apis = [`organization = ${organization}`, ...narrowing].join(' AND ');
  const words = terms.filter(isWords);
  if (words.length === 0) {
    return { columns: "'API' AS kind, id AS item_id, id AS api_id, sought_name, version", from: `apis WHERE ${apis}` };
  }
  const where = [
    `texts.organization = ${organization}`,
    ...sight.texts(words, parameters, organization),
    ...(narrowing.length > 0 ? [`texts.api_id IN (SELECT id FROM apis WHERE ${apis})`] : []),
  ].join(' AND ');
  return {
    columns: "texts.kind, texts.id AS item_id, texts.api_id, texts.sought_name, '' AS version",
    from: `search_texts AS texts WHERE ${where}`,
  };
};

/** None for the row of an empty page, which has the total alone. */
const hitOf = ({ kind, total: _, document, ...api }: Row): readonly SearchHit[] => {
  if (kind === null) return [];
  if (kind !== 'DOC' || document === null) return [{ kind: kind === 'DEFINITION' ? kind : 'API', api }];
  const { createdMs, updatedMs, ...rest } = document;
  return [{ kind, api, document: { ...rest, createdAt: new Date(createdMs), updatedAt: new Date(updatedMs) } }];
};
