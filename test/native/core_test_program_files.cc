#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "core/file_watches.h"
#include "core/path_walk.h"
#include "core/program_files.h"
#include "core_test.h"

using namespace prefork;
using test::Scratch;

namespace {

void write_text(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  CHECK(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  close(fd);
}

void make_folder(const std::string& path) { CHECK(mkdir(path.c_str(), 0700) == 0); }
void make_link(const std::string& target, const std::string& path) {
  CHECK(symlink(target.c_str(), path.c_str()) == 0);
}
void move(const std::string& from, const std::string& to) {
  CHECK(rename(from.c_str(), to.c_str()) == 0);
}

std::string real(const std::string& path) { return PathWalk().follow(path).real; }
bool leads_somewhere(const std::string& path) { return PathWalk().follow(path).exists; }

// folder/file, link -> folder, absent; seen by a program that started long after they were made.
struct Program {
  Scratch scratch;
  ProgramFiles files{timespec{4'000'000'000, 0}};

  Program() {
    make_folder(scratch / "folder");
    write_text(scratch / "folder/file", "text");
    write_text(scratch / "folder/other", "text");
    make_link("folder", scratch / "link");
    files.add_seen({scratch / "link/file"}, true);
    files.add_seen({scratch / "absent/file", scratch / "folder/absent"}, false);
    files.watch();
    CHECK(!files.changed());
  }
};

// A small file system of another kind would take privileges; this one is everywhere.
constexpr const char* kUnwatchable = "/proc/self/status";

// Until the clock that files get their times from has moved on.
void wait_for_later_than(const timespec& time) {
  timespec now = {};
  do {
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
  } while (now.tv_sec < time.tv_sec || (now.tv_sec == time.tv_sec && now.tv_nsec <= time.tv_nsec));
}

}  // namespace

TEST(a_walk_follows_links_as_the_kernel_does) {
  const Scratch scratch;
  const std::string base = real(scratch.path);
  make_folder(scratch / "a");
  make_folder(scratch / "a/b");
  write_text(scratch / "a/b/file", "");
  make_link("a/b", scratch / "relative");
  make_link(scratch / "a", scratch / "absolute");
  make_link("../../absolute/b/", scratch / "a/b/up");
  make_link("ring-2", scratch / "ring-1");
  make_link("ring-1", scratch / "ring-2");
  make_link("nowhere", scratch / "dangling");
  CHECK_SAME(real("/"), "/");
  CHECK_SAME(real(scratch / "relative/file"), base + "/a/b/file");
  CHECK_SAME(real(scratch / "absolute//b/./file"), base + "/a/b/file");
  CHECK_SAME(real(scratch / "relative/../b/up/file"), base + "/a/b/file");
  CHECK(!leads_somewhere(scratch / "ring-1/file"));
  CHECK(!leads_somewhere(scratch / "dangling"));
  CHECK(!leads_somewhere(scratch / "a/b/file/below"));
  CHECK_SAME(real(scratch / "dangling"), base + "/nowhere");
}

TEST(changes_to_a_program_are_seen) {
  using Change = void (*)(const Scratch&);
  const Change changes[] = {
      [](const Scratch& s) { write_text(s / "folder/file", "more text"); },
      [](const Scratch& s) {
        struct stat old = {};
        stat((s / "folder/file").c_str(), &old);
        write_text(s / "folder/file", "TEXT");
        const timespec times[] = {old.st_atim, old.st_mtim};
        utimensat(AT_FDCWD, (s / "folder/file").c_str(), times, 0);
      },
      [](const Scratch& s) {
        const timespec times[] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
        utimensat(AT_FDCWD, (s / "folder/file").c_str(), times, 0);
      },
      [](const Scratch& s) { unlink((s / "folder/file").c_str()); },
      [](const Scratch& s) { move(s / "folder/other", s / "folder/file"); },
      [](const Scratch& s) {
        // By another name, in a folder that is not watched.
        make_folder(s / "elsewhere");
        link((s / "folder/file").c_str(), (s / "elsewhere/name").c_str());
        write_text(s / "elsewhere/name", "TEXT");
      },
      [](const Scratch& s) { write_text(s / "folder/absent", ""); },
      [](const Scratch& s) {
        make_folder(s / "absent");
        write_text(s / "absent/file", "");
      },
      [](const Scratch& s) {
        make_folder(s / "second");
        write_text(s / "second/file", "text");
        unlink((s / "link").c_str());
        make_link("second", s / "link");
      },
      [](const Scratch& s) {
        // The same files, but where their own links lead to is another matter.
        move(s / "folder", s / "moved");
        make_link("moved", s / "folder");
      },
      [](const Scratch& s) { move(s.path, s.path + ".moved"); },
  };
  for (const Change change : changes) {
    Program program;
    change(program.scratch);
    CHECK(program.files.changed().has_value());
    CHECK(program.files.changed().has_value());
    if (test::exists(program.scratch.path + ".moved")) {
      move(program.scratch.path + ".moved", program.scratch.path);
    }
  }
}

TEST(what_is_no_part_of_a_program_does_not_change_it) {
  Program program;
  const Scratch& scratch = program.scratch;
  write_text(scratch / "folder/output", "text");
  write_text(scratch / "folder/other", "text");
  unlink((scratch / "folder/other").c_str());
  make_folder(scratch / "unrelated");
  CHECK(!program.files.changed());
  // Away and back: there was something to be looked at, and it is as it was.
  move(scratch / "folder", scratch / "away");
  move(scratch / "away", scratch / "folder");
  CHECK(!program.files.changed());
  // Still watched.
  write_text(scratch / "folder/file", "TEXT");
  CHECK(program.files.changed().has_value());
}

TEST(a_named_folder_changes_with_the_names_in_it) {
  const Scratch scratch;
  ProgramFiles files(timespec{4'000'000'000, 0});
  files.add_named({scratch.path});
  files.watch();
  CHECK(!files.changed());
  write_text(scratch / "new", "");
  CHECK(files.changed().has_value());
}

TEST(what_changes_between_look_and_watch_is_seen) {
  const Scratch scratch;
  write_text(scratch / "file", "text");
  ProgramFiles files(timespec{4'000'000'000, 0});
  files.add_seen({scratch / "file"}, true);
  write_text(scratch / "file", "TEXTS");
  files.watch();
  CHECK(files.changed().has_value());
}

TEST(what_came_or_went_since_it_was_listed_is_seen) {
  const Scratch scratch;
  make_folder(scratch / "folder");
  for (const bool existed : {true, false}) {
    ProgramFiles files(timespec{4'000'000'000, 0});
    files.add_seen({scratch / (existed ? "gone" : "folder")}, existed);
    CHECK(files.changed().has_value());
  }
}

TEST(what_is_younger_than_the_server_makes_it_stale) {
  const Scratch scratch;
  write_text(scratch / "file", "text");
  make_link("file", scratch / "link");
  struct stat status = {};
  stat((scratch / "file").c_str(), &status);
  const auto is_stale = [&](timespec started, const std::string& name) {
    ProgramFiles files(started);
    files.add_seen({scratch / name}, true);
    return files.changed().has_value();
  };
  const timespec touched = status.st_ctim;
  const timespec before = {touched.tv_sec - 1, 0};
  CHECK(is_stale(before, "file"));
  CHECK(!is_stale(touched, "file"));
  CHECK(is_stale(before, "link"));
  // What is set back does not hide it.
  const timespec times[] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  utimensat(AT_FDCWD, (scratch / "file").c_str(), times, 0);
  CHECK(is_stale(before, "file"));
  // A folder that only got another entry is the same; one that was moved here is not.
  make_folder(scratch / "folder");
  write_text(scratch / "folder/file", "text");
  stat((scratch / "folder/file").c_str(), &status);
  const timespec after = status.st_ctim;
  wait_for_later_than(after);
  write_text(scratch / "folder/output", "text");
  CHECK(!is_stale(after, "folder/file"));
  move(scratch / "folder", scratch / "folder-2");
  CHECK(is_stale(after, "folder-2/file"));
}

TEST(where_the_kernel_does_not_tell_everything_is_looked_at) {
  FileWatches watches;
  CHECK(watches.disturbed());
  watches.open();
  CHECK(watches.sees() && !watches.disturbed());
  watches.watch_whole(kUnwatchable);
  CHECK(!watches.sees() && watches.disturbed() && watches.disturbed());

  const Scratch scratch;
  write_text(scratch / "file", "text");
  ProgramFiles files(timespec{4'000'000'000, 0});
  files.add_seen({scratch / "file", "/proc/version"}, true);
  files.watch();
  write_text(scratch / "file", "TEXTS");
  CHECK(files.changed().has_value());
}

TEST(an_overflow_counts_as_a_disturbance) {
  const Scratch scratch;
  FileWatches watches;
  watches.open();
  watches.watch_name(scratch.path, "wanted");
  int most = 0;
  FILE* limit = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
  CHECK(limit != nullptr && fscanf(limit, "%d", &most) == 1);
  fclose(limit);
  write_text(scratch / "0", "");
  for (int i = 0; i <= most; i++) {
    move(scratch / std::to_string(i), scratch / std::to_string(i + 1));
  }
  CHECK(watches.disturbed());
  CHECK(!watches.disturbed() && watches.sees());
}

TEST(without_a_spare_instance_the_watches_go_without) {
  const int status = test::in_child([] {
    // Out of descriptors is the limit that a test can reach without taking from others.
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
    }
    FileWatches watches;
    watches.open();
    return watches.sees() || !watches.disturbed() ? 1 : 0;
  });
  CHECK(status == 0);
}
