import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkRecovery } from './LinkRecovery.ts';

describe('LinkRecovery', () => {
  const restartIce = vi.fn<() => Promise<void>>();
  const connected = vi.fn<() => void>();
  const rejoin = vi.fn<() => void>();
  const unreachable = vi.fn<() => void>();
  let recovery: LinkRecovery;

  beforeEach(() => {
    vi.useFakeTimers();
    restartIce.mockReset().mockResolvedValue(undefined);
    for (const callback of [connected, rejoin, unreachable]) callback.mockReset();
    recovery = new LinkRecovery({ restartIce, connected, rejoin, unreachable });
    recovery.stateChanged('connected');
  });
  afterEach(() => vi.useRealTimers());

  it('ignores a short loss', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(1_500);
    recovery.stateChanged('connected');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(restartIce).not.toHaveBeenCalled();
    expect(rejoin).not.toHaveBeenCalled();
  });

  it('restarts ICE after a loss of two seconds', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(restartIce).toHaveBeenCalledOnce();
    recovery.stateChanged('connected');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rejoin).not.toHaveBeenCalled();
  });

  it('joins the room again when the restart does not connect', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rejoin).toHaveBeenCalledOnce();
  });

  it('joins the room again when the restart request fails', async () => {
    restartIce.mockRejectedValue(new Error('no response'));
    recovery.networkChanged();
    await vi.advanceTimersByTimeAsync(0);
    expect(rejoin).toHaveBeenCalledOnce();
  });

  it('joins the room again once when the connection failed', () => {
    recovery.stateChanged('failed');
    recovery.stateChanged('failed');
    expect(rejoin).toHaveBeenCalledOnce();
  });

  it('reports the connection', () => {
    expect(connected).toHaveBeenCalledOnce();
  });

  it('stays in the room and reports it when the first connection fails', async () => {
    const fresh = new LinkRecovery({ restartIce, connected, rejoin, unreachable });
    fresh.stateChanged('connecting');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(unreachable).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(unreachable).toHaveBeenCalledOnce();
    expect(rejoin).not.toHaveBeenCalled();
  });

  it('does not extend the grace period when the browser reconnects on its own', async () => {
    recovery.stateChanged('disconnected');
    await vi.advanceTimersByTimeAsync(1_000);
    recovery.stateChanged('connecting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(restartIce).toHaveBeenCalledOnce();
  });

  it('restarts ICE immediately when the network changed', () => {
    recovery.networkChanged();
    expect(restartIce).toHaveBeenCalledOnce();
  });

  it('does nothing after it is closed', async () => {
    recovery.stateChanged('disconnected');
    recovery.close();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(restartIce).not.toHaveBeenCalled();
  });
});
