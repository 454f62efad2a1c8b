import { statementFacts } from './statement-text.js';

it.each([
  ['SELECT a.id FROM apis a WHERE a.name = $1', 'SELECT apis', 'SELECT a.id FROM apis a WHERE a.name = $1'],
  ['SELECT "A"."id" FROM "applications" "A" LIMIT 25', 'SELECT applications', 'SELECT "A"."id" FROM "applications" "A" LIMIT ?'],
  ["UPDATE users SET name = 'it''s me'\n  WHERE id = 7", 'UPDATE users', 'UPDATE users SET name = ? WHERE id = ?'],
  ['INSERT INTO "labels"("id") VALUES ($12)', 'INSERT labels', 'INSERT INTO "labels"("id") VALUES ($12)'],
  ['WITH x AS (DELETE FROM tokens RETURNING 1) SELECT $q$secret$q$', 'WITH tokens', 'WITH x AS (DELETE FROM tokens RETURNING ?) SELECT ?'],
  ['START TRANSACTION', 'START', 'START TRANSACTION'],
  ["SELECT 'never ended", 'SELECT', 'SELECT ?'],
])('%s is %s, without values', (text, name, plain) => {
  expect(statementFacts(text)).toMatchObject({ name, attributes: { 'db.query.text': plain } });
});

it('is bounded in length, and cuts no literal open', () => {
  const text = `SELECT ${'a, '.repeat(900)}'${'secret'.repeat(5_000)}' FROM t`;

  const shown = String(statementFacts(text).attributes['db.query.text']);

  expect(shown.length).toBeLessThanOrEqual(2_000);
  expect(statementFacts(`SELECT '${'secret'.repeat(5_000)}' FROM t`).attributes['db.query.text']).toBe('SELECT ?');
});
