#define _GNU_SOURCE
#include "packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

_Static_assert(sizeof(struct clinux_instruction) == sizeof(struct sock_filter), "one layout");

static int outcome(int status) { return status < 0 ? -errno : status; }

int clinux_packet_attach(int fd, const struct clinux_instruction *program, size_t count) {
  if (count == 0 || count > BPF_MAXINSNS) return -EINVAL;
  struct sock_fprog filter = {
      .len = (unsigned short)count,
      .filter = (struct sock_filter *)program,
  };
  return outcome(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}

int clinux_packet_prepare(int fd, int receive_buffer) {
  int on = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0) return -errno;
  if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) != 0) return -errno;
  // FORCE needs CAP_NET_ADMIN; without it net.core.rmem_max is the limit.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) == 0)
    return 0;
  return outcome(
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer));
}

int clinux_packet_bind(int fd, int index, uint16_t protocol) {
  struct sockaddr_ll address = {
      .sll_family = AF_PACKET,
      .sll_protocol = htons(protocol),
      .sll_ifindex = index,
  };
  return outcome(bind(fd, (struct sockaddr *)&address, sizeof address));
}

int clinux_packet_promiscuous(int fd, int index) {
  struct packet_mreq request = {.mr_ifindex = index, .mr_type = PACKET_MR_PROMISC};
  return outcome(
      setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request));
}

static int ask(int fd, unsigned long question, const char *name, struct ifreq *request) {
  memset(request, 0, sizeof *request);
  if (strlen(name) >= sizeof request->ifr_name) return -ENODEV;
  strcpy(request->ifr_name, name);
  return outcome(ioctl(fd, question, request));
}

int clinux_interface_index(int fd, const char *name) {
  struct ifreq request;
  int status = ask(fd, SIOCGIFINDEX, name, &request);
  return status < 0 ? status : request.ifr_ifindex;
}

int clinux_interface_flags(int fd, const char *name) {
  struct ifreq request;
  int status = ask(fd, SIOCGIFFLAGS, name, &request);
  return status < 0 ? status : (unsigned short)request.ifr_flags;
}

int clinux_interface_hardware_address(int fd, const char *name, uint8_t address[6]) {
  struct ifreq request;
  int status = ask(fd, SIOCGIFHWADDR, name, &request);
  if (status < 0) return status;
  if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) return -EPROTONOSUPPORT;
  memcpy(address, request.ifr_hwaddr.sa_data, 6);
  return 0;
}

static void note(const struct cmsghdr *part, struct clinux_frame *frame) {
  if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS &&
      part->cmsg_len >= CMSG_LEN(sizeof(struct timespec))) {
    struct timespec stamp;
    memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    frame->stamp = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
  }
  if (part->cmsg_level == SOL_PACKET && part->cmsg_type == PACKET_AUXDATA &&
      part->cmsg_len >= CMSG_LEN(sizeof(struct tpacket_auxdata))) {
    struct tpacket_auxdata extra;
    memcpy(&extra, CMSG_DATA(part), sizeof extra);
    frame->original_length = extra.tp_len;
    frame->has_tag = (extra.tp_status & TP_STATUS_VLAN_VALID) != 0;
    frame->tag_control = extra.tp_vlan_tci;
    // Kernels before 3.14 do not say which kind of tag; then it is 802.1Q's.
    frame->tag_protocol =
        extra.tp_status & TP_STATUS_VLAN_TPID_VALID ? extra.tp_vlan_tpid : 0x8100;
  }
}

int clinux_packet_receive(int fd, void *buffer, size_t capacity, struct clinux_frame *frame) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(struct tpacket_auxdata))];
  } control;
  struct sockaddr_ll from = {0};
  struct iovec vector = {.iov_base = buffer, .iov_len = capacity};
  struct msghdr message = {
      .msg_name = &from,
      .msg_namelen = sizeof from,
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC);
  if (length < 0) return -errno;
  memset(frame, 0, sizeof *frame);
  frame->original_length = (uint32_t)length;
  frame->packet_type = from.sll_pkttype;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part))
    note(part, frame);
  return (size_t)length < capacity ? (int)length : (int)capacity;
}

int clinux_packet_statistics(int fd, struct clinux_loss *loss) {
  struct tpacket_stats statistics;
  socklen_t size = sizeof statistics;
  if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) != 0) return -errno;
  // tp_packets counts the lost ones too (packet(7)).
  loss->dropped = statistics.tp_drops;
  loss->received = statistics.tp_packets - statistics.tp_drops;
  return 0;
}
