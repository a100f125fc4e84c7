import type * as hlsModule from 'hls.js';
import type { FragmentLoaderContext, HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';
import { EditLists } from '#recorder/contract';

/** Loads the files of a recording and takes the edit lists out of them, which hls.js does not know. */
export function editListLoader({ default: Hls }: typeof hlsModule): NonNullable<HlsConfig['fLoader']> {
  const DefaultLoader = Hls.DefaultConfig.loader;
  const lists = new EditLists();
  return class extends DefaultLoader {
    #isAborted = false;

    override load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<FragmentLoaderContext>): void {
      const { frag } = context;
      const onSuccess: LoaderCallbacks<FragmentLoaderContext>['onSuccess'] = (response, ...rest) => {
        const { data } = response;
        const pass = () => {
          if (!this.#isAborted) callbacks.onSuccess(response, ...rest);
        };
        if (!(data instanceof ArrayBuffer) || isRendition(frag.url)) return pass();
        if (frag.sn !== 'initSegment' && frag.initSegment) return lists.segment(nameOf(frag.initSegment.url), data, pass);
        if (frag.sn === 'initSegment') lists.init(nameOf(frag.url), data);
        pass();
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

/** Files of renditions have one init segment for all segments: the browser obeys its edit list, and hls.js does not place anything by it. */
function isRendition(url: string): boolean {
  return /\/media\/[^/]+\/v\//.test(url);
}

/** The last two parts of the path. What is before them contains a token, which changes. */
function nameOf(url: string): string {
  return url.split('/').slice(-2).join('/');
}
