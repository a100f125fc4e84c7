import { defineConfig } from 'vitest/config';

const unit = { include: ['*.test.ts', '{engine,signaling,ingest,recorder,player,api}/**/*.test.{ts,tsx}'] };
const real = '**/*.integration.test.ts';
const journeys = 'player/e2e/**';

// `npm run trials`: the trials at full length.
const isLongRun = process.env.LECTERN_TRIALS === 'long';
const longRunLimitMs = 4 * 3_600_000;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', ...unit, exclude: [real, journeys, 'node_modules/**'], testTimeout: 30_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: [real],
          exclude: [journeys, 'node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['player/e2e/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'trials',
          include: ['**/*.trial.ts'],
          exclude: ['node_modules/**'],
          testTimeout: isLongRun ? longRunLimitMs : 240_000,
          hookTimeout: isLongRun ? longRunLimitMs : 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
