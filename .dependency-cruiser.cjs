/** The rules of style §1: imports point one way. */
module.exports = {
  forbidden: [
    { name: 'domain is pure', severity: 'error', from: { path: '^src/domain', pathNot: '\\.spec\\.ts$' }, to: { pathNot: '^src/domain' } },
    {
      name: 'engine is free',
      severity: 'error',
      from: { path: '^src/gateway/engine', pathNot: '\\.spec\\.ts$' },
      to: {
        pathNot: '^(src/gateway/engine|src/domain)',
        path: '^(src|node_modules/(@nestjs|typeorm|pg|express|rxjs)/)',
      },
    },
    {
      name: 'platform knows no feature',
      severity: 'error',
      from: { path: '^src/platform' },
      to: { path: '^src/(identity|apis|applications|subscriptions|throttling|keys|environments|analytics|gateway|health)/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'tests stay outside', severity: 'error', from: { path: '^src' }, to: { path: '^test' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'], extensions: ['.ts', '.js', '.mjs'] },
  },
};
