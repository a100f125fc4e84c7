import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { account } from '../app/services.ts';

/** The dock. Its code is loaded when somebody has signed in, after the page that they opened. */
export function LateUploadDock() {
  const isSignedIn = account.value !== undefined;
  const [Dock, setDock] = useState<ComponentType>();
  useEffect(() => {
    if (!isSignedIn) return;
    let stop: (() => void) | undefined;
    let isGone = false;
    const load = async () => {
      const [{ startUploads }, { default: Loaded }] = await Promise.all([import('./uploads.ts'), import('./UploadDock.tsx')]);
      if (isGone) return;
      stop = startUploads();
      setDock(() => Loaded);
    };
    background(load());
    return () => {
      isGone = true;
      stop?.();
    };
  }, [isSignedIn]);
  return Dock && isSignedIn ? <Dock /> : null;
}
