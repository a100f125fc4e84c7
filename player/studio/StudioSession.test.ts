import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { LocalSourceKind } from '../live/trackEncodings.ts';
import { StudioSession } from './StudioSession.ts';

describe('StudioSession', () => {
  const takenOver = signal<ReadonlySet<LocalSourceKind>>(new Set());
  let published: Set<LocalSourceKind>;
  let session: StudioSession;

  beforeEach(() => {
    takenOver.value = new Set();
    published = new Set();
    const publisher = {
      takenOver,
      sending: signal(new Set()),
      publish: (kind: LocalSourceKind) => published.add(kind),
      unpublish: (kind: LocalSourceKind) => {
        published.delete(kind);
        takenOver.value = new Set([...takenOver.peek()].filter((other) => other !== kind));
      },
    };
    session = new StudioSession({ publisher } as unknown as RoomConnection);
    session.isOnAir.value = true;
  });

  afterEach(() => session.close());

  function turnOn(...kinds: LocalSourceKind[]): void {
    for (const kind of kinds) {
      const track = { stop: vi.fn<() => void>() } as unknown as MediaStreamTrack;
      session.sources[kind].state.value = { status: 'on', track, deviceId: undefined, isChanging: false };
    }
  }

  it('publishes the sources that are on, while it is on the air', () => {
    turnOn('camera', 'screen');
    expect(published).toEqual(new Set(['camera', 'screen']));
    session.isOnAir.value = false;
    expect(published).toEqual(new Set());
  });

  it('goes off the air when someone else takes over, and keeps the devices on', () => {
    turnOn('camera', 'microphone');
    takenOver.value = new Set(['camera', 'microphone']);
    expect([session.isOnAir.value, session.wasTakenOver.value]).toEqual([false, true]);
    expect([published, session.sources.camera.state.value.status]).toEqual([new Set(), 'on']);
    session.isOnAir.value = true;
    expect([session.wasTakenOver.value, published]).toEqual([false, new Set(['camera', 'microphone'])]);
  });

  it('keeps its screen on the air when someone else takes over camera and microphone', () => {
    turnOn('camera', 'screen');
    takenOver.value = new Set(['camera']);
    expect([session.isOnAir.value, session.wasTakenOver.value]).toEqual([true, true]);
    expect([published, session.sources.camera.state.value.status]).toEqual([new Set(['screen']), 'off']);
  });

  it('stops sharing when someone else shares a screen', () => {
    turnOn('camera', 'screen');
    takenOver.value = new Set(['screen']);
    expect([session.isOnAir.value, session.wasTakenOver.value, published]).toEqual([true, false, new Set(['camera'])]);
  });
});
