export { DeleteVideoButton } from './DeleteVideoButton.tsx';
export { DownloadButton } from './DownloadButton.tsx';
export { ShareButton } from './ShareDialog.tsx';
