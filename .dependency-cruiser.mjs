// The import rules of Lectern: the direction of every import, the doors, and the homes of packages.
// Imports point to where the data comes from, and all end at the engine.

const stations = ['engine', 'signaling', 'ingest', 'recorder', 'api', 'player'];
const anyStation = `^(${stations.join('|')})/`;

// Tests may look behind their own station's doors and use any tool; they are not part of the product.
const test = '(\\.(test|trial|bench)\\.tsx?$|/testing/|^player/e2e/)';

// index.ts is what a station offers, contract/index.ts what it puts on a wire, testing/index.ts its fakes.
const doors = '^[a-z]+/(index|contract/index|testing/index|kernel/index|media/index|sfu/index|config)\\.tsx?$';

/** `contract/` of one station may read only these contracts. */
function contractRule(station, upstream) {
  return {
    name: `${station}-contract-is-pure`,
    severity: 'error',
    comment:
      'A contract runs in the browser and in the server alike: it may use zod and the contracts upstream of it, ' +
      'nothing else. Move what needs more out of contract/.',
    from: { path: `^${station}/contract/`, pathNot: test },
    to: { pathNot: `(^(${[station, ...upstream].join('|')})/contract/|^node_modules/zod/)` },
  };
}

/** Everything in `from` may import, of Lectern's own files, only `to`. */
function direction({ name, from, to, comment }) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: test },
    to: { path: `(${anyStation}|^main\\.ts$)`, pathNot: to },
  };
}

/** A third-party package has one home; everybody else speaks to a port. */
function home(name, { packages, folders, comment }) {
  return {
    name: `${name}-has-one-home`,
    severity: 'error',
    comment: `${comment} Its home is ${folders.join(' and ')}.`,
    from: { path: `(${anyStation}|^main\\.ts$)`, pathNot: `(^(${folders.join('|')})/|${test})` },
    to: { path: `^node_modules/(${packages})/` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment:
        'Two files that need each other are one file, or miss a third: move what both need (often an interface) ' +
        'to a file of its own. Cycles of types count: they keep either file from being read alone.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'This import leads nowhere. Relative imports carry .ts; stations go through package.json "imports".',
      from: {},
      to: { couldNotResolve: true },
    },
    contractRule('engine', []),
    contractRule('signaling', ['engine']),
    contractRule('ingest', ['engine']),
    contractRule('recorder', ['engine']),
    contractRule('api', ['engine', 'signaling', 'ingest', 'recorder']),
    direction({
      name: 'kernel-knows-no-lecture',
      from: '^engine/kernel/',
      to: '^engine/(kernel|contract)/',
      comment: 'The kernel is plumbing with no lecture in it. What knows a lecture belongs in engine/lecture.',
    }),
    {
      name: 'media-is-pure',
      severity: 'error',
      comment: 'Codecs and containers are bytes in, bytes out: no lecture, no clock, no disk, no package. Pass in what they need.',
      from: { path: '^engine/media/', pathNot: test },
      to: { pathNot: '^engine/media/' },
    },
    direction({
      name: 'lecture-knows-no-media-server',
      from: '^engine/lecture/',
      to: '^engine/(lecture|kernel|media|contract)/',
      comment: 'The domain speaks to the ports in engine/lecture/ports.ts; engine/sfu implements them.',
    }),
    direction({
      name: 'sfu-knows-only-the-ports',
      from: '^engine/sfu/',
      to: '^engine/(sfu/|kernel/|media/|contract/|lecture/ports\\.ts$)',
      comment: 'The media server implements the ports of engine/lecture and knows nothing else of the domain.',
    }),
    ...['ingest', 'signaling', 'recorder'].map((station) =>
      direction({
        name: `${station}-meets-others-in-the-engine`,
        from: `^${station}/`,
        to: `^(engine|${station})/`,
        comment:
          'ingest, signaling and recorder never import one another: they meet inside the engine, and main.ts ' +
          'introduces them through ports.',
      }),
    ),
    direction({
      name: 'engine-imports-no-station',
      from: '^engine/',
      to: '^engine/',
      comment: 'All imports end at the engine. What it needs of a station, it asks for by a port.',
    }),
    direction({
      name: 'api-never-signals',
      from: '^api/',
      to: '^((engine|ingest|recorder|api)/|signaling/contract/index\\.ts$)',
      comment: 'REST is built on the engine, ingest and recorder; the live conversation is not its business.',
    }),
    direction({
      name: 'player-knows-contracts-only',
      from: '^player/',
      to: '^(player/|(engine|signaling|ingest|recorder|api)/contract/index\\.ts$)',
      comment: 'The player runs in a browser: of the server it knows the contracts, never the code.',
    }),
    {
      name: 'through-the-door',
      severity: 'error',
      comment:
        'Nobody enters a station through a window: import from its index.ts, contract/index.ts or testing/index.ts ' +
        '(#engine, #engine/contract, #engine/kernel, #engine/testing, …), or let the station offer what is missing there.',
      from: { path: '(^([a-z]+)/|^main\\.ts$)' },
      to: { path: anyStation, pathNot: `(^$2/|${doors}|^engine/setup/(workerBinary\\.ts|(mediaTools|testPrograms)\\.mjs)$)` },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      comment: 'The product must run without its tests: fakes and conformance suites are for tests only.',
      from: { path: `(${anyStation}|^main\\.ts$)`, pathNot: test },
      to: { path: test },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'This package is a devDependency, and the server has to run without those. Move it to dependencies.',
      from: { path: `(^(${stations.filter((name) => name !== 'player').join('|')})/|^main\\.ts$)`, pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'main-is-the-top',
      severity: 'error',
      comment: 'main.ts builds the path and knows every station; no station knows main.ts.',
      from: { path: anyStation, pathNot: test },
      to: { path: '^main\\.ts$' },
    },
    home('mediasoup', {
      packages: 'mediasoup',
      folders: ['engine/sfu'],
      comment: 'Router, Transport, Producer and Consumer stay in one folder; elsewhere there are publications.',
    }),
    home('mongodb', {
      packages: 'mongodb',
      folders: ['engine/kernel/database'],
      comment: 'Stores use the Collection port, which SQLite serves as well.',
    }),
    home('redis', {
      packages: 'redis|@redis',
      folders: ['engine/kernel/bus'],
      comment: 'Use the Bus port, which also works in one process without a server.',
    }),
    home('socket.io', {
      packages: 'socket\\.io',
      folders: ['signaling'],
      comment: 'Only signaling speaks to sockets; the others raise events.',
    }),
    home('aws-sdk', {
      packages: '@aws-sdk|@smithy',
      folders: ['recorder/storage'],
      comment: 'Use the ObjectStore port, which a folder serves as well.',
    }),
    home('hls.js', {
      packages: 'hls\\.js',
      folders: ['player/vod'],
      comment: 'Playback is offered by player/vod.',
    }),
    home('express', {
      packages: 'express',
      folders: ['api/http'],
      comment: 'Routes are declared with route({ … }) and know no web framework.',
    }),
    home('jsonwebtoken', {
      packages: 'jsonwebtoken',
      folders: ['engine/kernel'],
      comment: 'Tokens are signed and checked by the kernel.',
    }),
    home('node-media-server', {
      packages: 'node-media-server',
      folders: ['ingest/rtmp'],
      comment: 'RTMP ends at the door of ingest/rtmp.',
    }),
    home('fluent-ffmpeg', {
      packages: 'fluent-ffmpeg',
      folders: ['recorder/transcode', 'ingest', 'engine/kernel'],
      comment: 'ffmpeg runs as a supervised process.',
    }),
    home('live-clients', {
      packages: 'socket\\.io-client|mediasoup-client',
      folders: ['player/live', 'player/demo'],
      comment: 'The live connection of a browser is made in one place.',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^player/dist/' },
    // Type-only imports count as well: what a file knows, it knows by its types.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mts', '.d.mts', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
