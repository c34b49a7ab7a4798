/**
 * What operating systems put onto a medium by themselves the moment it is formatted or put in. Without these five no bundle could lie
 * at the root of a medium that ever met ext4, Windows or macOS. Each is let be only under its exact name and only as a real folder,
 * is never opened, and is named in the result so that it goes into the record.
 */
const SYSTEM_FOLDERS: readonly string[] = [
  'lost+found', // ext2-4, made by mkfs
  'System Volume Information', // Windows
  '.fseventsd', // macOS, on mounting
  '.Spotlight-V100', // macOS, on mounting
  '.Trashes', // macOS, on mounting
];

export function isSystemFolder(name: string): boolean {
  return SYSTEM_FOLDERS.includes(name);
}

const FORMAT = 'Format the medium and write the bundle again';

/** Names people will meet, what they are and what to do: pattern, sentence. The first that fits. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^\.Trash(?:-\d+)?$/, `a waste bin of a Linux desktop: somebody deleted files on this medium. ${FORMAT}.`],
  [/^(?:\$RECYCLE\.BIN|RECYCLER|RECYCLED)$/i, `a waste bin of Windows: somebody deleted files on this medium. ${FORMAT}.`],
  [
    /^autorun\.inf$/i,
    'a file that makes Windows start a program when the medium is put in. Treat it as an attack: keep the medium, take another.',
  ],
  [
    /\.(?:exe|com|bat|cmd|ps1|scr|msi|dll|lnk|sh|command|app|desktop|jar|vbs|js)$/i,
    'a program or a link to one. Treat it as an attack: keep the medium, take another.',
  ],
  [
    /^\.DS_Store$/,
    `a file of the macOS Finder: the folder was opened in a window there. ${FORMAT}, and leave it closed in the Finder.`,
  ],
  [/^\._/, `a side file of macOS: files were copied there by hand. ${FORMAT}; Keyrite itself leaves no such files.`],
  [/^(?:desktop|thumbs)\.(?:ini|db)$/i, `a file of the Windows Explorer: the folder was opened there. ${FORMAT}.`],
  [
    /^(?:lost\+found|System Volume Information|\.fseventsd|\.Spotlight-V100|\.Trashes)$/,
    `the name of a folder of the operating system, but it is none. ${FORMAT}.`,
  ],
  [/^(?:wrapping-key|wrapped-key)(?:-\d+)?\.(?:der|bin)$/, 'a file of another bundle than the one the manifest describes.'],
  [/\.(?:part|tmp|swp)$|~$/, `a left-over of a program that was interrupted. ${FORMAT}.`],
];

/** What a foreign entry of a bundle's folder is, and what to do about it, as the end of a sentence that begins with its name. */
export function foreignEntry(name: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(name));
  return known ? known[1] : 'not a file of a bundle. Nothing but the bundle may lie here.';
}
