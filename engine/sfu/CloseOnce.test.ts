import { describe, expect, it } from 'vitest';
import type { MediaCloseReason } from '../lecture/ports.ts';
import { silentLogger } from '../testing/index.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';

function child() {
  const closeOnce = new CloseOnce(silentLogger);
  const heard: string[] = [];
  closeOnce.onClosed((reason) => heard.push(reason));
  const close = (reason: MediaCloseReason) => void closeOnce.close(reason, () => heard.push('released'));
  return { heard, close, onClosed: (listener: (reason: MediaCloseReason) => void) => closeOnce.onClosed(listener) };
}

describe('CloseOnce', () => {
  it('closes once, for the first reason, and releases before it notifies', () => {
    const { heard, close } = child();
    close('lectureEnded');
    close('stopping');
    expect(heard).toEqual(['released', 'lectureEnded']);
  });

  it('notifies a late listener at once, and a removed listener not at all', () => {
    const { close, onClosed } = child();
    const heard: string[] = [];
    onClosed((reason) => heard.push(`early ${reason}`))();
    close('replaced');
    onClosed((reason) => heard.push(`late ${reason}`));
    expect(heard).toEqual(['late replaced']);
  });

  it('notifies the other listeners when one throws', () => {
    const { close, onClosed } = child();
    const heard: string[] = [];
    onClosed(() => {
      throw new Error('a listener fails');
    });
    onClosed((reason) => heard.push(reason));
    close('stopping');
    expect(heard).toEqual(['stopping']);
  });
});

describe('ChildSet', () => {
  it('closes its children with the reason of their parent, and drops those that closed before', () => {
    const children = new ChildSet<ReturnType<typeof child>>();
    const [first, second] = [children.add(child()), children.add(child())];
    first.close('unpublished');
    expect(children.size).toBe(1);
    children.close('workerDied');
    expect([first.heard, second.heard]).toEqual([['released', 'unpublished'], ['released', 'workerDied']]);
  });

  it('closes a child that is added too late', () => {
    const children = new ChildSet<ReturnType<typeof child>>();
    children.close('participantLeft');
    const late = child();
    expect(() => children.add(late)).toThrow(expect.objectContaining({ code: 'media.unavailable' }));
    expect(late.heard).toEqual(['released', 'participantLeft']);
  });
});
