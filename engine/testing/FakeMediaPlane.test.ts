import { FakeMediaPlane } from './FakeMediaPlane.ts';
import type { FakeRoom } from './FakeMediaPlane.ts';
import type { FakeTrack } from './FakeTrack.ts';
import { describeMediaPlaneConformance } from './mediaPlaneConformance.ts';

describeMediaPlaneConformance('The fake', async () => {
  const plane = new FakeMediaPlane();
  return {
    plane,
    sendMedia: ({ track }) => (track as FakeTrack).media(),
    killWorker: (room) => (room as FakeRoom).close('workerDied'),
    cleanup: () => plane.close(),
  };
});
