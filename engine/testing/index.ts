export { bench } from './bench/bench.ts';
export type { BenchReport } from './bench/bench.ts';
export { Figure, median, percentile } from './bench/figures.ts';
export { FakeMediaPlane, FakeRoom, FakeTrack } from './FakeMediaPlane.ts';
export { ManualClock } from './ManualClock.ts';
export { processTree, totalCpuSeconds, totalResidentMb } from './ProcessTree.ts';
export type { ProcessUse } from './ProcessTree.ts';
export { silentLogger } from './silentLogger.ts';
export { until } from './until.ts';
