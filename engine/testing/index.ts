export { FakeMediaPlane, FakeRoom, FakeTrack } from './FakeMediaPlane.ts';
export { ManualClock } from './ManualClock.ts';
export { silentLogger } from './silentLogger.ts';
export { until } from './until.ts';
