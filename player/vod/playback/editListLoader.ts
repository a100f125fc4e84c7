import type * as hlsModule from 'hls.js';
import type { FragmentLoaderContext, HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';
import { EditLists } from '#recorder/contract';

/**
 * Loads the files of a recording and takes the edit lists out of them, which hls.js does not know. hls.js loads an init segment
 * and the first segment after it at the same time: a segment that arrives first waits.
 */
export function editListLoader({ default: Hls }: typeof hlsModule): NonNullable<HlsConfig['fLoader']> {
  const DefaultLoader = Hls.DefaultConfig.loader;
  const lists = new EditLists();
  const loadedInits = new Set<string>();
  const waiting = new Map<string, (() => void)[]>();

  const onInit = (name: string, file: ArrayBuffer) => {
    lists.init(name, file);
    loadedInits.add(name);
    for (const pass of waiting.get(name) ?? []) pass();
    waiting.delete(name);
  };

  const whenLoaded = (initName: string, pass: () => void) => {
    if (loadedInits.has(initName)) pass();
    else waiting.set(initName, [...(waiting.get(initName) ?? []), pass]);
  };

  return class extends DefaultLoader {
    #isAborted = false;

    override load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<FragmentLoaderContext>): void {
      const { frag } = context;
      const onSuccess: LoaderCallbacks<FragmentLoaderContext>['onSuccess'] = (response, ...rest) => {
        const { data } = response;
        const pass = () => callbacks.onSuccess(response, ...rest);
        if (!(data instanceof ArrayBuffer) || (frag.sn !== 'initSegment' && !frag.initSegment)) return pass();
        if (frag.sn === 'initSegment') {
          onInit(nameOf(frag.url), data);
          return pass();
        }
        const initName = nameOf(frag.initSegment?.url ?? '');
        whenLoaded(initName, () => {
          if (this.#isAborted) return;
          lists.segment(initName, data);
          pass();
        });
      };
      super.load(context, config, { ...callbacks, onSuccess } as unknown as LoaderCallbacks<LoaderContext>);
    }

    override abort(): void {
      this.#isAborted = true;
      super.abort();
    }

    override destroy(): void {
      this.#isAborted = true;
      super.destroy();
    }
  } as NonNullable<HlsConfig['fLoader']>;
}

/** The last two parts of the path. What is before them contains a token, which changes. */
function nameOf(url: string): string {
  return url.split('/').slice(-2).join('/');
}
