import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rulesFile = '.dependency-cruiser.mjs';

// What the rules allow: a rule that forbids everything is noticed as well.
const allowed: Record<string, string> = {
  'main.ts': "import '#engine'; import '#engine/kernel'; import '#api'; import './engine/setup/workerBinary.ts';",
  'engine/index.ts': "import './lecture/registry.ts'; import './sfu/pool.ts';",
  'engine/contract/index.ts': "import 'zod';",
  'engine/kernel/index.ts': "import '../contract/index.ts'; import 'jsonwebtoken';",
  'engine/kernel/bus/RedisBus.ts': "import 'redis';",
  'engine/lecture/ports.ts': "import '../contract/index.ts'; import '../media/index.ts';",
  'engine/lecture/registry.ts': "import './ports.ts'; import '../kernel/index.ts';",
  'engine/media/index.ts': "import './h264.ts';",
  'engine/media/h264.ts': 'export {};',
  'engine/setup/workerBinary.ts': 'export {};',
  'engine/sfu/pool.ts': "import 'mediasoup'; import '../lecture/ports.ts'; import '../media/index.ts'; import '../kernel/index.ts';",
  'engine/testing/index.ts': "import '../lecture/registry.ts'; import 'vitest';",
  'signaling/index.ts': "import '#engine'; import './contract/index.ts'; import 'socket.io';",
  'signaling/contract/index.ts': "import '#engine/contract'; import 'zod';",
  'ingest/index.ts': "import '#engine/kernel';",
  'ingest/contract/index.ts': "import '#engine/contract';",
  'recorder/index.ts': "import '#engine'; import '#engine/media'; import './storage/s3.ts';",
  'recorder/index.test.ts': "import './storage/s3.ts'; import '#engine/testing'; import 'vitest';",
  'recorder/contract/index.ts': "import '#engine/contract';",
  'recorder/storage/s3.ts': "import '@aws-sdk/client-s3';",
  'api/index.ts': "import '#engine'; import '#ingest'; import '#recorder'; import './contract/index.ts';",
  'api/contract/index.ts': "import '#recorder/contract'; import '#engine/contract';",
  'player/app.tsx': "import '#api/contract'; import './vod/player.ts'; import './live/room.ts';",
  'player/vod/player.ts': "import 'hls.js';",
  'player/live/room.ts': "import 'mediasoup-client'; import 'socket.io-client'; import '#signaling/contract';",
  'player/e2e/journey.test.ts': "import '../../main.ts'; import '#engine'; import 'vitest';",
};

/** Rules for the homes of packages, each of which is broken by one file for each package. */
const homeRule = /-has-one-home$/;

interface Rule {
  name: string;
  from: { pathNot?: string };
  to: { path?: string };
}

type Packages = Record<string, string>;
const { imports, dependencies, devDependencies } = (await import(join(root, 'package.json'), { with: { type: 'json' } })).default as {
  imports: unknown;
  dependencies: Packages;
  devDependencies: Packages;
};

const { forbidden } = ((await import(join(root, rulesFile))) as { default: { forbidden: Rule[] } }).default;

/** The packages that a rule gives a home. A scope such as `@aws-sdk` stands for those of its packages that are installed. */
function packagesOf(rule: Rule): string[] {
  const alternatives = /^\^node_modules\/\((.*)\)\/$/.exec(rule.to.path ?? '')?.[1] ?? '';
  const names = alternatives.split('|').map((name) => name.replaceAll('\\', ''));
  return names.flatMap((name) => (/^@[^/]+$/.test(name) ? Object.keys(dependencies).filter((installed) => installed.startsWith(`${name}/`)) : [name]));
}

const homeless = Object.fromEntries(
  forbidden.filter(({ name }) => homeRule.test(name)).map((rule) => {
    const files = packagesOf(rule).map((name) => [`recorder/homeless/${name.replaceAll('/', '-')}.ts`, `import '${name}';`]);
    return [rule.name, Object.fromEntries(files) as Record<string, string>];
  }),
);

// Files that break each rule.
const planted: Record<string, Record<string, string>> = {
  ...homeless,
  'no-circular': {
    'engine/lecture/a.ts': "import type { B } from './b.ts'; export type A = B | 1;",
    'engine/lecture/b.ts': "import type { A } from './a.ts'; export type B = A | 2;",
  },
  'no-unresolvable': { 'api/lost.ts': "import './nowhere.ts';" },
  'engine-contract-is-pure': { 'engine/contract/impure.ts': "import 'node:fs';" },
  'signaling-contract-is-pure': { 'signaling/contract/impure.ts': "import '#recorder/contract';" },
  'ingest-contract-is-pure': { 'ingest/contract/impure.ts': "import 'express';" },
  'recorder-contract-is-pure': { 'recorder/contract/impure.ts': "import '../storage/s3.ts';" },
  'api-contract-is-pure': { 'api/contract/impure.ts': "import type { x } from '#engine';" },
  'kernel-knows-no-lecture': { 'engine/kernel/curious.ts': "import type { x } from '../lecture/ports.ts';" },
  'media-is-pure': { 'engine/media/impure.ts': "import 'node:fs';" },
  'lecture-knows-no-media-server': { 'engine/lecture/curious.ts': "import '../sfu/pool.ts';" },
  'sfu-knows-only-the-ports': { 'engine/sfu/curious.ts': "import '../lecture/registry.ts';" },
  'ingest-meets-others-in-the-engine': { 'ingest/curious.ts': "import '#recorder';" },
  'signaling-meets-others-in-the-engine': { 'signaling/curious.ts': "import '#ingest';" },
  'recorder-meets-others-in-the-engine': { 'recorder/curious.ts': "import '#signaling';" },
  'engine-imports-no-station': { 'engine/curious.ts': "import '#recorder';" },
  'api-never-signals': { 'api/curious.ts': "import '#signaling';" },
  'player-knows-contracts-only': { 'player/curious.ts': "import type { x } from '#api';" },
  'through-the-door': {
    'api/trespassing.ts': "import '../engine/lecture/registry.ts';",
    'recorder/trespassing.test.ts': "import '../engine/sfu/pool.ts';",
    'player/e2e/trespassing.test.ts': "import '../../recorder/storage/s3.ts';",
  },
  'tests-stay-outside': { 'ingest/faking.ts': "import '#engine/testing';" },
  'no-development-packages': { 'engine/lecture/heavy.ts': "import 'vitest';" },
  'main-is-the-top': { 'engine/upside.ts': "import '../main.ts';" },
};

const Cruise = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(
      z.object({
        from: z.string(),
        rule: z.object({ name: z.string() }),
        // A cycle is reported once, with all its files.
        cycle: z.array(z.object({ name: z.string() })).default([]),
      }),
    ),
  }),
});

describe('the import rules', () => {
  let folder: string;
  let result: z.infer<typeof Cruise>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-canary-'));
    await plant(folder);
    result = Cruise.parse(JSON.parse(await cruise(folder)));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('each have a planted violation', () => {
    expect(Object.keys(planted).sort()).toEqual(forbidden.map((rule) => rule.name).sort());
  });

  it('read every file', () => {
    const read = result.modules.map((module) => module.source);
    expect(read).toEqual(expect.arrayContaining([...Object.keys(allowed), ...plantedFiles()]));
  });

  it.each(Object.entries(planted))('report a violation of %s', (rule, files) => {
    const seen = result.summary.violations
      .filter((violation) => violation.rule.name === rule)
      .flatMap(({ from, cycle }) => [from, ...cycle.map(({ name }) => name)]);
    for (const file of Object.keys(files)) expect(seen).toContain(file);
  });

  it('report nothing that is allowed', () => {
    const reported = result.summary.violations.filter(({ from }) => from in allowed);
    expect(reported).toEqual([]);
  });
});

function plantedFiles(): string[] {
  return Object.values(planted).flatMap((files) => Object.keys(files));
}

async function plant(folder: string): Promise<void> {
  for (const files of [allowed, ...Object.values(planted)]) {
    for (const [name, content] of Object.entries(files)) await write(folder, name, content);
  }
  await write(folder, 'package.json', JSON.stringify({ type: 'module', imports, dependencies, devDependencies }));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    await write(folder, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await write(folder, `node_modules/${name}/index.js`, '');
  }
  await cp(join(root, rulesFile), join(folder, rulesFile));
  await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
}

async function write(folder: string, name: string, content: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function cruise(folder: string): Promise<string> {
  const program = join(root, 'node_modules/.bin/depcruise');
  const paths = ['engine', 'signaling', 'ingest', 'recorder', 'player', 'api', 'main.ts'];
  const args = [program, '--config', rulesFile, '--output-type', 'json', ...paths];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // Its status is an error when it finds violations, as it does here.
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(new Error(`dependency-cruiser printed no report: ${stderr}`, { cause: error }));
    });
  });
}
