const COLUMNS = ['API', 'contract', 'served', 'declared', 'missing', 'deviations'];

/** The report for people: one line an API, then what deviates, then what is missing. */
export const table = (report) => {
  const rows = Object.entries(report).map(([name, api]) => [
    name,
    api.contract,
    api.served,
    api.declared,
    api.missing.length,
    api.deviations.length,
  ]);
  const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
  const all = [COLUMNS, ...rows, ['total', ...[1, 2, 3, 4, 5].map(sum)]];
  const widths = COLUMNS.map((_, column) => Math.max(...all.map((row) => String(row[column]).length)));
  const lines = all.map((row) =>
    row.map((cell, column) => (column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]))).join('  '),
  );
  return [...lines, ...section('Missing', report, 'missing'), ...section('Deviations', report, 'deviations')].join('\n');
};

const section = (title, report, key) =>
  Object.entries(report)
    .filter(([, api]) => api[key].length > 0)
    .flatMap(([name, api]) => ['', `${title}: ${name}`, ...api[key].map((text) => `  ${text}`)]);
