// The import rules of Lectern: the direction of imports, the entry points of stations, and the homes of packages.
// Imports point upstream, to where the data comes from, and end at the engine.

const stations = ['engine', 'signaling', 'ingest', 'recorder', 'api', 'player'];
const anyStation = `^(${stations.join('|')})/`;

// Tests may import any file of their own station and any tool; they are not part of the product.
const test = '(\\.(test|trial|bench)\\.tsx?$|/testing/|^player/e2e/)';

// Entry points: index.ts is what a station offers, contract/index.ts what it puts on a wire, testing/index.ts its fakes.
const doors = '^[a-z]+/(index|contract/index|testing/index|kernel/index|media/index|sfu/index|config)\\.tsx?$';

/** `contract/` of a station may import only the contracts upstream of it. */
function contractRule(station, upstream) {
  return {
    name: `${station}-contract-is-pure`,
    severity: 'error',
    comment:
      'A contract runs in the browser and on the server: it may import zod and the contracts upstream of it, ' +
      'nothing else. Move code that needs more out of contract/.',
    from: { path: `^${station}/contract/`, pathNot: test },
    to: { pathNot: `(^(${[station, ...upstream].join('|')})/contract/|^node_modules/zod/)` },
  };
}

/** Of Lectern's own files, `from` may import only `to`. */
function direction({ name, from, to, comment }) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: test },
    to: { path: `(${anyStation}|^main\\.ts$)`, pathNot: to },
  };
}

/** A third-party package has one home; all other code uses a port. */
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
        'Two files import each other: move what both need (often an interface) to a third file, or join them. ' +
        'Type-only cycles count too: neither file can be read alone.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'This import does not resolve. Relative imports end in .ts; other stations are imported by package.json "imports".',
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
      comment: 'The kernel is plumbing that knows no lecture. Code that knows one belongs in engine/lecture.',
    }),
    {
      name: 'media-is-pure',
      severity: 'error',
      comment: 'engine/media is pure functions on bytes: no lecture, no clock, no disk, no package. Pass in what they need.',
      from: { path: '^engine/media/', pathNot: test },
      to: { pathNot: '^engine/media/' },
    },
    direction({
      name: 'lecture-knows-no-media-server',
      from: '^engine/lecture/',
      to: '^engine/(lecture|kernel|media|contract)/',
      comment: 'The domain calls the ports in engine/lecture/ports.ts; engine/sfu implements them.',
    }),
    direction({
      name: 'sfu-knows-only-the-ports',
      from: '^engine/sfu/',
      to: '^engine/(sfu/|kernel/|media/|contract/|lecture/ports\\.ts$)',
      comment: 'The media server implements the ports of engine/lecture and may import nothing else of the domain.',
    }),
    ...['ingest', 'signaling', 'recorder'].map((station) =>
      direction({
        name: `${station}-meets-others-in-the-engine`,
        from: `^${station}/`,
        to: `^(engine|${station})/`,
        comment:
          'ingest, signaling and recorder do not import one another: they meet in the engine, and main.ts ' +
          'connects them through ports.',
      }),
    ),
    direction({
      name: 'engine-imports-no-station',
      from: '^engine/',
      to: '^engine/',
      comment: 'The engine imports no station. Declare a port for what it needs; the station implements it.',
    }),
    direction({
      name: 'api-never-signals',
      from: '^api/',
      to: '^((engine|ingest|recorder|api)/|signaling/contract/index\\.ts$)',
      comment: 'REST is built on engine, ingest and recorder. Of signaling it may import only the contract.',
    }),
    direction({
      name: 'player-knows-contracts-only',
      from: '^player/',
      to: '^(player/|(engine|signaling|ingest|recorder|api)/contract/index\\.ts$)',
      comment: 'The player runs in a browser: it may import contracts of the server, never its code.',
    }),
    {
      name: 'through-the-door',
      severity: 'error',
      comment:
        'Import another station through index.ts, contract/index.ts or testing/index.ts only (#engine, ' +
        '#engine/contract, #engine/kernel, #engine/testing, …). Export there what is missing.',
      from: { path: '(^([a-z]+)/|^main\\.ts$)' },
      to: { path: anyStation, pathNot: `(^$2/|${doors}|^engine/setup/((workerBinary|freePort|cluster/LocalCluster)\\.ts|(mediaTools|testPrograms)\\.mjs)$)` },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      comment: 'The product runs without its tests: fakes and conformance suites are for tests only.',
      from: { path: `(${anyStation}|^main\\.ts$)`, pathNot: test },
      to: { path: test },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'This package is a devDependency, and the server runs without those. Move it to dependencies.',
      from: { path: `(^(${stations.filter((name) => name !== 'player').join('|')})/|^main\\.ts$)`, pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'main-is-the-top',
      severity: 'error',
      comment: 'main.ts imports every station; no station imports main.ts.',
      from: { path: anyStation, pathNot: test },
      to: { path: '^main\\.ts$' },
    },
    home('mediasoup', {
      packages: 'mediasoup',
      folders: ['engine/sfu'],
      comment: 'mediasoup types (Router, Transport, Producer, Consumer) stay in one folder; other code knows publications.',
    }),
    home('mongodb', {
      packages: 'mongodb',
      folders: ['engine/kernel/database'],
      comment: 'Use the Collection port, which SQLite implements as well.',
    }),
    home('redis', {
      packages: 'redis|@redis',
      folders: ['engine/kernel/bus'],
      comment: 'Use the Bus port and those built on it, which work without Redis too.',
    }),
    home('socket.io', {
      packages: 'socket\\.io|@socket\\.io/redis-streams-adapter',
      folders: ['signaling'],
      comment: 'Only signaling uses sockets; other code emits events.',
    }),
    home('aws-sdk', {
      packages: '@aws-sdk|@smithy',
      folders: ['recorder/storage'],
      comment: 'Use the ObjectStore port, which a folder implements as well.',
    }),
    home('hls.js', {
      packages: 'hls\\.js',
      folders: ['player/vod'],
      comment: 'Use the playback of player/vod.',
    }),
    home('tus-js-client', {
      packages: 'tus-js-client',
      folders: ['player/uploads'],
      comment: 'Add files to the queue of player/uploads.',
    }),
    home('pdfjs-dist', {
      packages: 'pdfjs-dist',
      folders: ['player/materials/pdf'],
      comment: 'Use the PdfViewer of player/materials/pdf.',
    }),
    home('uplot', {
      packages: 'uplot',
      folders: ['player/plots'],
      comment: 'Use the LinePlot of player/plots.',
    }),
    home('express', {
      packages: 'express',
      folders: ['api/http'],
      comment: 'Declare routes with route({ … }); handlers know no web framework.',
    }),
    home('sharp', {
      packages: 'sharp|@img',
      folders: ['api/images', 'recorder/edits'],
      comment: 'Images that people send are decoded in a process of its own: use Images. recorder/edits decodes images that Lectern has made.',
    }),
    home('jsonwebtoken', {
      packages: 'jsonwebtoken',
      folders: ['engine/kernel'],
      comment: 'Use the TokenSigner of the kernel.',
    }),
    home('nodemailer', {
      packages: 'nodemailer',
      folders: ['api/mail'],
      comment: 'Add a mail to the MailQueue; a job sends it.',
    }),
    home('yazl', {
      packages: 'yazl',
      folders: ['api/personal'],
      comment: 'Only the export of personal data is a ZIP.',
    }),
    home('file-type', {
      packages: 'file-type',
      folders: ['api/materials', 'recorder/upload'],
      comment: 'What a file is by its content is found where files arrive.',
    }),
    home('node-media-server', {
      packages: 'node-media-server',
      folders: ['ingest/rtmp'],
      comment: 'Only ingest/rtmp speaks RTMP.',
    }),
    home('fluent-ffmpeg', {
      packages: 'fluent-ffmpeg',
      folders: ['recorder/transcode', 'ingest', 'engine/kernel'],
      comment: 'Elsewhere, run ffmpeg as a supervised process (ChildProcess in the kernel).',
    }),
    home('luxon', {
      packages: 'luxon',
      folders: ['api/schedule'],
      comment: 'Use the local times of api/schedule.',
    }),
    home('ical-generator', {
      packages: 'ical-generator',
      folders: ['api/calendar'],
      comment: 'Use the calendars of api/calendar.',
    }),
    home('second-factors', {
      packages: 'otpauth|@simplewebauthn/server',
      folders: ['api/factors'],
      comment: 'Use the second factors and passkeys of api/factors.',
    }),
    home('passkey-browser', {
      packages: '@simplewebauthn/browser',
      folders: ['player/security'],
      comment: 'Use the passkeys of player/security.',
    }),
    home('qr-codes', {
      packages: 'uqr',
      folders: ['player/security'],
      comment: 'Use the QR code of player/security.',
    }),
    home('openid-client', {
      packages: 'openid-client|oidc-provider',
      folders: ['api/identities'],
      comment: 'Use the OidcProvider of api/identities.',
    }),
    home('markdown', {
      packages: 'marked|dompurify',
      folders: ['player/markdown'],
      comment: 'Texts of people become HTML in one place, which lets nothing through that runs.',
    }),
    home('csv-stringify', {
      packages: 'csv-stringify',
      folders: ['api/csv'],
      comment: 'Use toCsv: a table that people open in a spreadsheet has to neutralise formulas.',
    }),
    home('csv-parse', {
      packages: 'csv-parse',
      folders: ['api/enrolment/roster'],
      comment: 'Use the lists of api/enrolment.',
    }),
    home('tus', {
      packages: '@tus',
      folders: ['recorder/upload'],
      comment: 'Files arrive in recorder/upload, which finds their types by their content.',
    }),
    home('tus-client', {
      packages: 'tus-js-client',
      folders: ['player/uploads'],
      comment: 'Use the uploads of player/uploads.',
    }),
    home('live-clients', {
      packages: 'socket\\.io-client|mediasoup-client',
      folders: ['player/live', 'player/demo'],
      comment: 'Use the live connection of player/live.',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^player/dist/' },
    // Type-only imports count too: they are dependencies of the reader.
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
