import 'media-chrome/lang/es';
import 'media-chrome/media-captions-button';
import 'media-chrome/media-control-bar';
import 'media-chrome/media-controller';
import 'media-chrome/media-fullscreen-button';
import 'media-chrome/media-mute-button';
import 'media-chrome/media-pip-button';
import 'media-chrome/media-play-button';
import 'media-chrome/media-time-display';
import 'media-chrome/media-time-range';
import 'media-chrome/media-volume-range';
import { h } from 'preact';
import type { ComponentChildren, Ref, VNode } from 'preact';

interface ElementProps {
  class?: string;
  slot?: string;
  children?: ComponentChildren;
  /** Attributes as documented by media-chrome; '' for one without a value. */
  [attribute: string]: unknown;
}

/** A media-chrome element for JSX. */
function element(tag: string) {
  return ({ controllerRef, ...props }: ElementProps & { controllerRef?: Ref<HTMLElement> }): VNode =>
    h(tag, { ...props, ...(controllerRef ? { ref: controllerRef } : {}) });
}

export const MediaController = element('media-controller');
export const MediaControlBar = element('media-control-bar');
export const MediaPlayButton = element('media-play-button');
export const MediaMuteButton = element('media-mute-button');
export const MediaVolumeRange = element('media-volume-range');
export const MediaTimeRange = element('media-time-range');
export const MediaTimeDisplay = element('media-time-display');
export const MediaCaptionsButton = element('media-captions-button');
export const MediaPipButton = element('media-pip-button');
export const MediaFullscreenButton = element('media-fullscreen-button');

/** By this name, media-chrome finds the images that it shows above the seek bar. */
const thumbnails = 'thumbnails';
export const previewImages = { default: true, kind: 'metadata', label: thumbnails } as const;
