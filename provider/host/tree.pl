#!/usr/bin/perl
# Touches single paths of a tree that somebody else may be changing meanwhile: a machine's, as its root likes. No path of
# more than one name is ever resolved. Each folder is opened by its name in the folder before it (O_NOFOLLOW), entered by
# its descriptor (fchdir), and what is done then is done to a single name there, or to a descriptor: so links lead nowhere,
# and whatever is renamed in between, all of it happens inside the tree. See docs/security.md, "A machine's files".
#
# perl is part of perl-base, which every Debian system has (Essential: yes).
use strict;
use warnings;
use Fcntl qw(:DEFAULT :mode);
use Errno ();
use IO::Handle;

# Bytes of a file that is kept. What a machine has put in the place of one of ours may be of any size.
my $most_kept = 1 << 20;

# Why nothing is done: something in the tree is not as it has to be. Told to the caller, with exit code 3.
sub refuse { die {refused => "@_"} }

# Anything else that fails; standard error is the program's log.
sub broken { die "@_: $!\n" }

# The tree, whose owner is the first of the ids that are the machine's: its root may have given the folder to another one.
my ($root, $base_uid, $base_gid);

# What ended the way to the last path that has no folder: nothing at all, or something else.
my $stopped_by;

sub enter_root {
  ($root) = @_;
  sysopen(my $folder, $root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) or return 0;
  my @found = stat $folder;
  ($base_uid, $base_gid) = map { $_ - $_ % 65536 } @found[4, 5];
  chdir $folder or broken("$root cannot be entered");
  return 1;
}

# Enters the folder of a path, below the tree's root, and answers the path's last name; nothing when there is no such folder.
# make: the folders that are missing are made.
sub enter {
  my ($path, $make) = @_;
  enter_root($root) or refuse("$root is no folder; it may be a link: move it away, or put the tree itself in its place");
  my @names = split m{/}, $path;
  my $last = pop @names;
  for my $name (@names) { enter_folder($name, $path, $make) or return }
  return $last;
}

sub enter_folder {
  my ($name, $path, $make) = @_;
  my $made = $make && mkdir $name, $name eq '.ssh' ? 0700 : 0755;
  if (sysopen my $folder, $name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) {
    if ($made) { chown $base_uid, $base_gid, $folder or broken("$root/$path: $name") }
    return chdir $folder;
  }
  broken("$root/$path: $name") if !$!{ENOTDIR} && !$!{ELOOP} && !$!{ENOENT};
  $stopped_by = -l $name ? 'a link' : -e _ ? 'something that is no directory' : '';
  refuse(
    "$root/$path leads through $stopped_by inside the machine's tree ($name), and is not written; remove it in the machine")
    if $make;
  return 0;
}

# What stands at a name of the current folder: its kind, lstat, and the content (of a link its target), as far as it is a
# kind with content and no larger than that many bytes. Nothing is followed and nothing is waited for.
sub look {
  my ($name, $most) = @_;
  my @found = lstat $name or return;
  my $kind = kind_of($found[2]);
  return ($kind, \@found, readlink $name // '') if $kind eq 'link';
  return ($kind, \@found, '') if $kind ne 'file';
  # A lease of its owner's would have this wait (EAGAIN); so would a FIFO that has taken the file's place.
  sysopen(my $file, $name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    or return ($!{EAGAIN} ? 'leased' : 'changing', \@found, '');
  @found = stat $file;
  return (kind_of($found[2]), \@found, '') if !S_ISREG($found[2]);
  my $content = '';
  while (length $content <= $most) {
    my $read = sysread $file, $content, $most + 1 - length $content, length $content;
    return ('unreadable', \@found, '') if !defined $read;
    last if $read == 0;
  }
  return length $content > $most ? ('large', \@found, $found[7]) : ('file', \@found, $content);
}

sub kind_of {
  my ($mode) = @_;
  return 'file' if S_ISREG($mode);
  return 'link' if S_ISLNK($mode);
  return 'directory' if S_ISDIR($mode);
  return 'fifo' if S_ISFIFO($mode);
  return 'socket' if S_ISSOCK($mode);
  return 'device';
}

# What a program that was ended left beside a file of ours, as far as a folder of sensible size has it.
sub remove_leftovers {
  opendir my $folder, '.' or return;
  for (1 .. 10_000) {
    my $name = readdir $folder // last;
    unlink $name if $name =~ /^\.pulumi-nspawn\.[0-9a-f]{6}$/;
  }
}

# A name of the current folder for what is new, at which nothing stands. Whoever puts something there makes the next step fail.
sub new_name {
  for my $try (1 .. 8) {
    my $name = sprintf '.pulumi-nspawn.%06x', int rand 1 << 24;
    return $name if !lstat $name;
  }
  refuse("$root: a folder in the machine has no room for a new name");
}

# Puts a new file in the place of a name: with its content, mode and owner before anybody sees it there.
sub put_file {
  my ($name, $content, $mode, $uid, $gid) = @_;
  my $new = new_name();
  sysopen(my $file, $new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600) or broken("$root: $name");
  my $done = eval {
    my $at = 0;
    while ($at < length $content) { $at += syswrite($file, $content, length($content) - $at, $at) // broken("$root: $name") }
    # By the descriptor. The owner first: it takes setuid away.
    chown $uid, $gid, $file or broken("$root: $name");
    chmod $mode, $file or broken("$root: $name");
    $file->sync or broken("$root: $name");
    1;
  };
  if (!$done) { unlink $new; die $@ }
  take_place($new, $name);
}

sub put_link {
  my ($name, $target, $uid, $gid) = @_;
  my $new = new_name();
  symlink $target, $new or broken("$root: $name");
  lchown($uid, $gid, $new) or broken("$root: $name");
  take_place($new, $name);
}

sub lchown {
  # Links are rare, and this module is large.
  require POSIX;
  return POSIX::lchown(@_);
}

sub take_place {
  my ($new, $name) = @_;
  return if rename $new, $name;
  my $is_folder = $!{EISDIR};
  my $reason = "$!";
  unlink $new;
  refuse("$root: $name is a directory in the machine, and a file of ours belongs there; remove it in the machine, and run up again") if $is_folder;
  refuse("$root: $name was changed by the machine while it was written ($reason)");
}

# A file of the host, which nobody but root writes.
sub text_of {
  my ($path) = @_;
  open my $file, '<', $path or broken($path);
  local $/;
  return <$file> // '';
}

# Copies for `restore`, in a folder that only root can enter. What has no content, or too much, is only listed beside it.
sub keep_copy {
  my ($copies, $path, $kind, $found, $is) = @_;
  if ($kind ne 'file' && $kind ne 'link') {
    open my $list, '>>', "$copies.unkept" or broken("$copies.unkept");
    print $list "$path\n" or broken("$copies.unkept");
    close $list or broken("$copies.unkept");
    return;
  }
  my $folder = $copies;
  my @names = split m{/}, $path;
  pop @names;
  for my $name (@names) { mkdir $folder .= "/$name", 0700 }
  if ($kind eq 'link') {
    symlink $is, "$copies/$path" or broken("$copies/$path");
    lchown(@$found[4, 5], "$copies/$path") or broken("$copies/$path");
  }
  else {
    sysopen(my $file, "$copies/$path", O_WRONLY | O_CREAT | O_EXCL, 0600) or broken("$copies/$path");
    print $file $is or broken("$copies/$path");
    chown @$found[4, 5], $file or broken("$copies/$path");
    chmod $found->[2] & 07777, $file or broken("$copies/$path");
    close $file or broken("$copies/$path");
  }
}

# What could not be kept is the machine's own, and stays as it is now.
sub restore_path {
  my ($copies, $path, $unkept) = @_;
  return 0 if $unkept->{$path};
  my ($kind, $found, $is) = look("$copies/$path", $most_kept);
  if (!defined $kind) {
    my $name = enter($path, 0) // return 0;
    remove_leftovers();
    return unlink $name;
  }
  my $name = enter($path, 1);
  remove_leftovers();
  my ($kind_now, $found_now, $is_now) = look($name, $most_kept);
  my $same = ($kind_now // '') eq $kind && $is_now eq $is && join(' ', @$found_now[2, 4, 5]) eq join(' ', @$found[2, 4, 5]);
  return 0 if $same;
  # A new name of the copy needs no room on a full disk.
  my $new = new_name();
  if ($kind eq 'file' && link "$copies/$path", $new) { take_place($new, $name) }
  elsif ($kind eq 'file') { put_file($name, $is, $found->[2] & 07777, @$found[4, 5]) }
  else { put_link($name, $is, @$found[4, 5]) }
  return 1;
}

sub restore_all {
  my ($copies) = @_;
  my %unkept = map { $_ => 1 } -e "$copies.unkept" ? split /\n/, text_of("$copies.unkept") : ();
  my $whole = 1;
  for my $path (paths()) {
    my $changed = eval { restore_path($copies, $path, \%unkept) };
    if ($@) { $whole = 0; print STDERR ref $@ ? $@->{refused} : $@, "\n" }
    print "$path\n" if $changed;
  }
  exit 1 if !$whole;
}

# For what is shown of a host: each path's kind, mode, owner and content, as fields that end with NUL.
sub show {
  my ($path, $kind, $found, $is) = @_;
  print join("\0", $path, $kind, sprintf('0%o', $found->[2] & 07777), @$found[4, 5], length $is, $is);
}

# Bytes at most, a tree and a path in it, or - and a path of the host.
sub show_path {
  my ($most, $tree, $path) = @_;
  my ($whole, $name) = ($path, $path);
  if ($tree ne '-') {
    $whole = "$tree/$path";
    $root = $tree;
    return if -l $tree || !-d _;
    $name = enter($path, 0);
    if (!defined $name) { show($whole, 'behind', [(0) x 6], $stopped_by) if $stopped_by; return }
  }
  my ($kind, $found, $is) = look($name, $most);
  show($whole, $kind, $found, $is) if defined $kind;
}

my %steps = (
  # PATH MODE SOURCE: says whether it was written, or stood there already.
  write => sub {
    my ($path, $mode, $source) = @_;
    my $content = text_of($source);
    my $name = enter($path, 1);
    my ($kind, $found, $is) = look($name, $most_kept);
    my $equal = ($kind // '') eq 'file' && $is eq $content;
    my $right = $equal && ($found->[2] & 07777) == oct $mode && $found->[4] == $base_uid && $found->[5] == $base_gid;
    if ($right) { print 'same'; return }
    put_file($name, $content, oct $mode, $base_uid, $base_gid);
    print 'written';
  },
  # PATH TARGET
  link => sub {
    my ($path, $target) = @_;
    my $name = enter($path, 1);
    put_link($name, $target, $base_uid, $base_gid) if (readlink $name // '') ne $target;
  },
  # PATH: a file or a link; what stands behind a link is not ours.
  remove => sub {
    my ($path) = @_;
    my $name = enter($path, 0) // return;
    return if unlink $name or $!{ENOENT};
    refuse("$root/$path is a directory in the machine, and is left there") if $!{EISDIR};
    broken("$root/$path");
  },
  # PATH SOURCE: the first line of a file becomes the second field of the line of root (shadow(5)).
  password => sub {
    my ($path, $source) = @_;
    my ($hash) = split /\n/, text_of($source);
    my $name = enter($path, 0) // refuse("the machine's tree has no /$path to set the root password in");
    my ($kind, $found, $is) = look($name, $most_kept);
    refuse("the machine's tree has no file /$path to set the root password in" . ($kind ? "; it is of the kind: $kind" : ''))
      if ($kind // '') ne 'file';
    my $new = join '', map { with_hash($_, $hash) . "\n" } split /\n/, $is;
    # As it was, but read by its owner and group at most.
    put_file($name, $new, $found->[2] & 0640, @$found[4, 5]) if $new ne $is;
  },
  # PATH TO MOST: copies a file of the host that is in a folder of somebody else's; says `large` above that many bytes.
  take => sub {
    my ($path, $to, $most) = @_;
    refuse('no file') if !-f $path;
    sysopen(my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY) or refuse('no file');
    refuse('no file') if !-f $file;
    sysopen(my $copy, $to, O_WRONLY | O_CREAT | O_EXCL, 0600) or broken($to);
    while (my $read = sysread($file, my $piece, 1 << 20) // broken($path)) {
      refuse('large') if ($most -= $read) < 0;
      syswrite($copy, $piece) == $read or broken($to);
    }
  },
  # FOLDER, paths on standard input
  keep => sub {
    my ($copies) = @_;
    for my $path (paths()) {
      my $name = enter($path, 0) // next;
      my ($kind, $found, $is) = look($name, $most_kept);
      keep_copy($copies, $path, $kind, $found, $is) if defined $kind;
    }
  },
  # FOLDER, paths on standard input: as `keep` found them. Says which it changed.
  restore => sub { restore_all(@_) },
  # MOST bytes of a file, lines of a tree and a path on standard input.
  read => sub {
    my ($most) = @_;
    for my $line (paths()) { eval { show_path($most, split /\t/, $line); 1 } or print STDERR ref $@ ? $@->{refused} : $@, "\n" }
  },
);

sub paths {
  local $/;
  return split /\n/, <STDIN> // '';
}

sub with_hash {
  my ($line, $hash) = @_;
  my @fields = split /:/, $line, -1;
  return $line if $line !~ /^root:/ || @fields < 3;
  $fields[1] = $hash;
  # 0 would ask for another password at the first login.
  $fields[2] = 19000 if $fields[2] eq '' || $fields[2] eq '0';
  return join ':', @fields;
}

(my $step, $root, my @words) = @ARGV;
binmode STDOUT;
umask 0;
if (!eval { $steps{$step}->(@words); 1 }) {
  die $@ if !ref $@;
  print $@->{refused};
  exit 3;
}
