import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkRecovery } from './LinkRecovery.ts';

describe('bringing a media connection back', () => {
  const restartIce = vi.fn<() => Promise<void>>();
  const connected = vi.fn<() => void>();
  const rejoin = vi.fn<() => void>();
  const unreachable = vi.fn<() => void>();
  let recovery: LinkRecovery;

  beforeEach(() => {
    vi.useFakeTimers();
    restartIce.mockReset().mockResolvedValue(undefined);
    for (const told of [connected, rejoin, unreachable]) told.mockReset();
    recovery = new LinkRecovery({ restartIce, connected, rejoin, unreachable });
    recovery.stateChanged('connected');
  });
  afterEach(() => vi.useRealTimers());

  it('lets a short loss pass', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(1_500);
    recovery.stateChanged('connected');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(restartIce).not.toHaveBeenCalled();
    expect(rejoin).not.toHaveBeenCalled();
  });

  it('restarts ICE after two seconds of it', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(restartIce).toHaveBeenCalledOnce();
    recovery.stateChanged('connected');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rejoin).not.toHaveBeenCalled();
  });

  it('enters the room anew when the restart does not connect', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rejoin).toHaveBeenCalledOnce();
  });

  it('enters the room anew when the server does not answer the restart', async () => {
    restartIce.mockRejectedValue(new Error('no answer'));
    recovery.networkChanged();
    await vi.advanceTimersByTimeAsync(0);
    expect(rejoin).toHaveBeenCalledOnce();
  });

  it('enters the room anew once when the connection failed', () => {
    recovery.stateChanged('failed');
    recovery.stateChanged('failed');
    expect(rejoin).toHaveBeenCalledOnce();
  });

  it('says when it is connected', () => {
    expect(connected).toHaveBeenCalledOnce();
  });

  it('stays in the room when it does not connect in the first place, and says so', async () => {
    const fresh = new LinkRecovery({ restartIce, connected, rejoin, unreachable });
    fresh.stateChanged('connecting');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(unreachable).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(unreachable).toHaveBeenCalledOnce();
    expect(rejoin).not.toHaveBeenCalled();
  });

  it('does not wait longer for a connection that is lost because the browser tries', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(1_000);
    recovery.stateChanged('connecting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(restartIce).toHaveBeenCalledOnce();
  });

  it('restarts ICE at once when the network changed', () => {
    recovery.networkChanged();
    expect(restartIce).toHaveBeenCalledOnce();
  });

  it('does nothing more once it is closed', async () => {
    recovery.stateChanged('disconnected');
    recovery.close();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(restartIce).not.toHaveBeenCalled();
  });
});
