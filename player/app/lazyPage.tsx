import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { Button, EmptyState } from '../design/index.ts';
import { text } from '../text/index.ts';
import { background } from './background.ts';

const retryMs = 3000;

/** A page whose code is loaded when it is opened. If the server cannot be reached, the page says so and keeps trying. */
export function lazyPage<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy<ComponentType<Props>>(() => load().catch(() => ({ default: PageUnavailable })));
}

/** Reloading helps in both cases: the server was unavailable, or it has a newer build of the pages. */
function PageUnavailable() {
  useEffect(() => {
    const timer = setInterval(() => background(reloadWhenBack()), retryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <EmptyState isPage title={text.shell.unreachableTitle} action={<Button onClick={() => background(reloadWhenBack())}>{text.actions.tryAgain}</Button>}>
      {text.shell.unreachable}
    </EmptyState>
  );
}

async function reloadWhenBack(): Promise<void> {
  const isBack = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).then(({ ok }) => ok, () => false);
  if (isBack) location.reload();
}
