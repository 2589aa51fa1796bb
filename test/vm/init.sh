#!/bin/busybox sh
# The guest's first process: loads the modules, puts the host's file system (read-only, 9p) under a
# layer in memory, and runs in it the script that the kernel command line names (vm.start=PATH). The
# guest ends with the script.
B=/bin/busybox
$B mount -t proc proc /proc
$B mount -t sysfs sys /sys
$B mount -t devtmpfs dev /dev

give_up() {
  $B echo "init: $1"
  $B poweroff -f
}

for module in /modules/*.ko; do
  $B insmod "$module" || give_up "$module cannot be loaded"
done

options=trans=virtio,version=9p2000.L,msize=512000
$B mount -t 9p -o "$options,ro,cache=loose" host /host || give_up 'no host file system'
$B mount -t tmpfs -o size=50% rw /rw
$B mkdir /rw/upper /rw/work
$B mount -t overlay -o lowerdir=/host,upperdir=/rw/upper,workdir=/rw/work root /new || give_up 'no root'

# Bound, not moved: this script needs them until it ends.
for folder in proc sys dev; do $B mount --bind /$folder /new/$folder; done
$B mkdir -p /new/dev/pts /new/dev/shm
$B mount -t devpts devpts /new/dev/pts
$B mount -t tmpfs shm /new/dev/shm
$B mount -t tmpfs run /new/run
[ -e /new/dev/fd ] || $B ln -s /proc/self/fd /new/dev/fd

$B ip link set lo up
$B ip link set eth0 up
$B ip addr add 10.0.2.15/24 dev eth0
$B ip route add default via 10.0.2.2
$B hostname guest

start=$($B sed -n 's/.*vm\.start=\([^ ]*\).*/\1/p' /proc/cmdline)
$B chroot /new /bin/sh "$start" </dev/null
$B echo "init: $start ended with $?"
$B poweroff -f
