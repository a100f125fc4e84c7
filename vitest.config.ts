import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The lane of a test is in its file name (see engine/setup/README.md).
const integration = ['**/*.integration.test.ts'];
const journeys = ['player/e2e/**/*.journey.test.ts'];
const trials = ['**/*.trial.ts'];
const exclusive = ['**/*.exclusive.test.ts'];
const packages = ['node_modules/**'];
// Tests of stores, repeated on servers that speak MongoDB's protocol (engine/testing/openTestDatabase.ts).
const stores = [
  'api/accounts/AccountSearch.test.ts',
  'api/courses/CourseStore.test.ts',
  'api/enrolment/admissions.test.ts',
  'api/paging/paging.test.ts',
  'engine/kernel/ownership/LeaseKeeper.test.ts',
  'ingest/keys/StreamKeys.test.ts',
  'recorder/journal/Journal.test.ts',
  'recorder/library/VideoStore.test.ts',
];
// FerretDB reads and writes in two steps: it cannot judge what depends on conditional updates of several processes.
const judgedElsewhere = { ferretdb: ['api/courses/CourseStore.test.ts', 'api/enrolment/admissions.test.ts'], 'mongo-java': [] as string[] };
const storeServers = { ferretdb: process.env.LECTERN_TEST_FERRETDB_URL, 'mongo-java': process.env.LECTERN_TEST_MONGO_JAVA_URL };

// Tests that open pages find them built.
const globalSetup = ['engine/setup/buildPages.ts'];

// `npm run trials` sets `long`: all trials at full length, one after the other. `short` is a short form of all of them, and
// without it, `npm test` leaves out those that need many processes or minutes of media.
const trialRun = process.env.LECTERN_TRIALS;
const isLongRun = trialRun === 'long';
const longTrials = ['**/*.long.trial.ts'];

// These tests mostly wait for media that flows in real time: one more than there are cores keeps the cores busy.
const parallelWorkers = availableParallelism() + 1;

// The processes that tests start keep what Node compiles: a server starts in half the time.
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/lectern-compile', import.meta.url)) };

// A limit is there to end a hang. It is no measure of speed: a busy machine takes several times as long as a quiet one.
const minute = 60_000;
const limits = (minutes: number) => ({ testTimeout: minutes * minute, hookTimeout: minutes * minute });

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...integration, ...journeys, ...exclusive, ...packages],
          // Importing takes longer than the tests: the files of a worker share their modules. Mocks and stubs end with their test.
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
          ...limits(2),
        },
      },
      ...(['ferretdb', 'mongo-java'] as const).map((name) => ({
        test: {
          name: `stores-${name}`,
          include: storeServers[name] ? stores : [],
          exclude: [...integration, ...packages, ...judgedElsewhere[name]],
          env: { LECTERN_TEST_DATABASE: storeServers[name] ?? '' },
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
          maxWorkers: parallelWorkers,
          ...limits(4),
        },
      })),
      { test: { name: 'integration', include: integration, exclude: packages, globalSetup, env, maxWorkers: parallelWorkers, ...limits(4) } },
      // One worker runs many of these files, so that they share its browser and its server (player/e2e/classroomTest.ts).
      { test: { name: 'journeys', include: journeys, exclude: packages, globalSetup, env, maxWorkers: parallelWorkers, isolate: false, ...limits(8) } },
      {
        test: {
          name: 'trials',
          include: trials,
          globalSetup,
          env,
          exclude: [...packages, ...(trialRun === undefined ? longTrials : [])],
          maxWorkers: isLongRun ? 1 : parallelWorkers,
          isolate: false,
          ...limits(isLongRun ? 4 * 60 : 8),
        },
      },
      { test: { name: 'exclusive', include: exclusive, exclude: packages, globalSetup, env, fileParallelism: false, ...limits(4) } },
    ],
  },
});
