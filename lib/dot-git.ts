/**
 * Whether some file system takes a name for `.git`: NTFS drops dots and spaces at the end, cuts at a colon and has the short
 * name `git~1`; HFS+ skips characters that nobody sees. Source: git, path.c `is_ntfs_dotgit`, utf8.c `is_hfs_dotgit`.
 */
export function isDotGit(name: string): boolean {
  const visible = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
  return /^(\.git|git~1)[. ]*(:.*)?$/i.test(visible);
}
