/**
 * Who may import whom: the layout of the project as rules. Type imports count.
 * Each `from` names a folder under src, each comment says what breaks when the rule is broken.
 */
const only = (name, comment, folder, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
});
const driver = (packages, folder) => ({
  name: `${folder}-owns-its-driver`,
  comment: `${packages} may be imported in src/${folder} alone, so that a driver can be replaced in one folder.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: `node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'seating-imports-nothing',
      comment:
        'The rules are pure: no Node, no npm, nothing outside the folder. Time and chance come in as values.',
      severity: 'error',
      from: { path: '^src/seating/' },
      to: { pathNot: '^src/seating/' },
    },
    only(
      'commands-know-the-rules',
      'The story knows ports and rules, no adapter and no setting.',
      'commands',
      ['seating'],
    ),
    only('kafka-is-an-edge', 'The edges never import each other.', 'kafka', [
      'commands',
      'seating',
      'config',
      'telemetry',
    ]),
    only('http-is-an-edge', 'The edges never import each other.', 'http', [
      'commands',
      'seating',
      'config',
      'telemetry',
    ]),
    only('tencent-is-an-edge', 'Vendor words end in src/tencent.', 'tencent', [
      'commands',
      'seating',
      'config',
      'telemetry',
    ]),
    only('postgres-is-an-edge', 'The edges never import each other.', 'postgres', [
      'commands',
      'seating',
      'config',
      'telemetry',
    ]),
    only('cli-reads-through-postgres', 'What operators see comes from the records.', 'cli', [
      'postgres',
      'config',
    ]),
    only('config-stands-alone', 'Settings depend on nothing.', 'config', []),
    only('telemetry-stands-low', 'Metrics and logs depend on settings alone.', 'telemetry', ['config']),
    {
      name: 'adapters-see-ports-alone',
      comment: 'postgres and tencent implement the ports; they never call the story.',
      severity: 'error',
      from: { path: '^src/(postgres|tencent)/' },
      to: { path: '^src/commands/', pathNot: '^src/commands/ports\\.ts$' },
    },
    {
      name: 'nobody-imports-the-root',
      comment: 'app.module.ts is the only composition root.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'src-knows-no-sandbox',
      comment: 'What runs in production never imports the sandbox or the tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(sandbox|test)/' },
    },
    driver('axios|tls-sig-api-v2', 'tencent'),
    driver('pg|@prisma|prisma', 'postgres'),
    driver('kafkajs|kafkajs-snappy|lz4js|fzstd', 'kafka'),
    {
      name: 'no-cycles',
      comment: 'A cycle has no first file to read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that cannot be resolved is not checked by the rules above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/postgres/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
