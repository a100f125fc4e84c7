import type * as hlsModule from 'hls.js';
import type { FragmentLoaderContext, HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';
import { EditLists } from '#recorder/contract';

/** Loads the files of a recording and takes the edit lists out of them, which hls.js does not know. */
export function editListLoader({ default: Hls }: typeof hlsModule): NonNullable<HlsConfig['fLoader']> {
  const DefaultLoader = Hls.DefaultConfig.loader;
  const lists = new EditLists();
  return class extends DefaultLoader {
    override load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<FragmentLoaderContext>): void {
      const { frag } = context;
      const onSuccess: LoaderCallbacks<FragmentLoaderContext>['onSuccess'] = (response, ...rest) => {
        if (response.data instanceof ArrayBuffer) {
          if (frag.sn === 'initSegment') lists.init(nameOf(frag.url), response.data);
          else lists.segment(nameOf(frag.initSegment?.url ?? ''), response.data);
        }
        callbacks.onSuccess(response, ...rest);
      };
      super.load(context, config, { ...callbacks, onSuccess } as unknown as LoaderCallbacks<LoaderContext>);
    }
  } as NonNullable<HlsConfig['fLoader']>;
}

/** The last two parts of the path. What is before them contains a token, which changes. */
function nameOf(url: string): string {
  return url.split('/').slice(-2).join('/');
}
