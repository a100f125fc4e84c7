import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, Dialog, DialogActions, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { centredCrop, insideImage, maxZoom, sideOf } from './cropSquare.ts';
import type { Crop } from './cropSquare.ts';
import { drawSquare } from './drawSquare.ts';

interface CropDialogProps {
  file: File;
  isBusy: boolean;
  problem: string | undefined;
  onUse: (picture: Blob) => void;
  onClose: () => void;
}

type Picture = { image: HTMLImageElement; widthPx: number; heightPx: number };

/** An arrow key moves the square by this share of its side. */
const stepShare = 0.05;

/** Lets the user choose the square of a picture that others see. */
export function CropDialog({ file, isBusy, problem, onUse, onClose }: CropDialogProps) {
  const { picture, isUnreadable } = usePicture(file);
  const [crop, setCrop] = useState<Crop>();
  const shown = picture ? insideImage(picture, crop ?? centredCrop(picture)) : undefined;
  const sentence = isUnreadable ? text.profile.pictureUnreadable : problem;
  return (
    <Dialog title={text.profile.cropTitle} onClose={onClose}>
      {sentence ? <Notice tone="danger">{sentence}</Notice> : null}
      {picture && shown ? (
        <>
          <CropArea picture={picture} crop={shown} onCrop={setCrop} />
          <label class="crop__zoom">
            <span class="field__label">{text.profile.zoom}</span>
            <input type="range" min="1" max={maxZoom} step="0.01" value={shown.zoom} onInput={(event) => setCrop({ ...shown, zoom: Number(event.currentTarget.value) })} />
          </label>
          <p class="small quiet">{text.profile.cropHint}</p>
        </>
      ) : (
        <div class="crop" aria-hidden="true" />
      )}
      <DialogActions>
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button
          variant="primary"
          isBusy={isBusy}
          disabled={!picture}
          onClick={() => {
            if (picture && shown) void drawSquare(picture.image, { side: sideOf(picture, shown), ...shown }).then(onUse);
          }}
        >
          {text.profile.usePicture}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** The picture behind a round window. Dragging or the arrow keys move it, the wheel zooms. */
function CropArea({ picture, crop, onCrop }: { picture: Picture; crop: Crop; onCrop: (crop: Crop) => void }) {
  const area = useRef<HTMLDivElement>(null);
  const side = sideOf(picture, crop);
  const percent = (pixels: number) => `${(pixels / side) * 100}%`;
  const moveBy = (xPx: number, yPx: number) => onCrop(insideImage(picture, { ...crop, xPx: crop.xPx + xPx, yPx: crop.yPx + yPx }));
  const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  return (
    <div
      ref={area}
      class="crop"
      role="application"
      aria-label={text.profile.cropArea}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const imagePixels = side / event.currentTarget.clientWidth;
        moveBy(-event.movementX * imagePixels, -event.movementY * imagePixels);
      }}
      onWheel={(event) => {
        event.preventDefault();
        onCrop(insideImage(picture, { ...crop, zoom: crop.zoom * Math.exp(-event.deltaY / 500) }));
      }}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        moveBy(step[0] * side * stepShare, step[1] * side * stepShare);
      }}
    >
      <img
        src={picture.image.src}
        alt=""
        draggable={false}
        style={{ width: percent(picture.widthPx), height: percent(picture.heightPx), left: percent(side / 2 - crop.xPx), top: percent(side / 2 - crop.yPx) }}
      />
    </div>
  );
}

/** The decoded file. Its object URL is revoked with the dialog. */
function usePicture(file: File): { picture: Picture | undefined; isUnreadable: boolean } {
  const [picture, setPicture] = useState<Picture>();
  const [isUnreadable, setUnreadable] = useState(false);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.src = url;
    image.decode().then(
      () => setPicture({ image, widthPx: image.naturalWidth, heightPx: image.naturalHeight }),
      () => setUnreadable(true),
    );
    return () => URL.revokeObjectURL(url);
  }, [file]);
  return { picture, isUnreadable };
}
