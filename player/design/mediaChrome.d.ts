import type { JSX } from 'preact';

type Plain = JSX.HTMLAttributes & { slot?: string };

declare module 'preact' {
  namespace JSX {
    /** The media-chrome elements that the pages use. Import each from `media-chrome/<name>` where it is used. */
    interface IntrinsicElements {
      'media-controller': Plain & {
        gesturesdisabled?: boolean;
        hotkeys?: string;
        nohotkeys?: boolean;
        fullscreenelement?: string;
        autohide?: string;
        noautohide?: boolean;
        breakpoints?: string;
        defaultsubtitles?: boolean;
        keysused?: string;
      };
      'media-control-bar': Plain;
      'media-play-button': Plain;
      'media-mute-button': Plain;
      'media-volume-range': Plain;
      'media-pip-button': Plain;
      'media-fullscreen-button': Plain;
      'media-time-range': Plain;
      'media-time-display': Plain & { showduration?: boolean; remaining?: boolean };
      'media-live-button': Plain;
      'media-captions-button': Plain;
      'media-seek-forward-button': Plain & { seekoffset?: string };
      'media-seek-backward-button': Plain & { seekoffset?: string };
      'media-playback-rate-button': Plain & { rates?: string };
      'media-loading-indicator': Plain & { noautohide?: boolean };
      'media-preview-thumbnail': Plain;
      'media-preview-time-display': Plain;
      'media-gesture-receiver': Plain;
    }
  }
}
