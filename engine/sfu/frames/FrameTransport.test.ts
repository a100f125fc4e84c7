import type { types } from 'mediasoup';
import { expect, it } from 'vitest';
import { FrameTransport } from './FrameTransport.ts';

it('opens its transport again after a failure, and only once when it works', async () => {
  let attempts = 0;
  const transport = { consume: async ({ producerId }: { producerId: string }) => ({ producerId }) };
  const router = {
    rtpCapabilities: {},
    createDirectTransport: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('the worker did not answer');
      return transport;
    },
  };
  const frames = new FrameTransport(router as unknown as types.Router);
  const producer = { id: 'one', closed: false } as types.Producer;
  await expect(frames.consume(producer)).rejects.toThrow('did not answer');
  expect(await Promise.all([frames.consume(producer), frames.consume(producer)])).toEqual([{ producerId: 'one' }, { producerId: 'one' }]);
  expect(attempts).toBe(2);
});
