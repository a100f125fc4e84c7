import { useState } from 'preact/hooks';
import { imagePath } from '#api/contract';
import type { ImageId } from '#engine/contract';
import './Avatar.css';

const hues = 24;

interface AvatarProps {
  name: string;
  /** The picture; without one, and until it is loaded, the initials of the person on a colour of the name. */
  imageId?: ImageId | null | undefined;
  isLarge?: boolean;
}

/** A person's picture or initials. The name is written beside it, so that screen readers skip it. */
export function Avatar({ name, imageId, isLarge }: AvatarProps) {
  const [failedId, setFailed] = useState<ImageId>();
  const words = name.trim().split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('');
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const isShown = imageId != null && imageId !== failedId;
  return (
    <span class={`avatar ${isLarge ? 'avatar--large' : ''}`} style={{ '--avatar-hue': String(((sum % hues) * 360) / hues) }} data-initials={initials.toUpperCase()} aria-hidden="true">
      {isShown ? <img key={imageId} src={imagePath(imageId, isLarge ? 'large' : 'small')} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setFailed(imageId)} /> : null}
    </span>
  );
}
