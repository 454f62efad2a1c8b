import { cellOf } from './consumption-report.js';

it.each([
  ['Pets', 'Pets'],
  ['a, b', '"a, b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['@SUM(A1,A2)', '"\'@SUM(A1,A2)"'],
  ['', ''],
])('%j becomes the cell %j', (text, cell) => expect(cellOf(text)).toBe(cell));
