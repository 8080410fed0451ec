// Packet sockets (packet(7)): filter, binding, frames with the kernel's stamp, loss.
// Every function returns 0 (or what it says), or a negative errno.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// One instruction of a classic BPF program: the layout of struct sock_filter.
struct clinux_instruction {
  uint16_t code;
  uint8_t if_true;
  uint8_t if_false;
  uint32_t operand;
};

/// What the kernel says about a received frame besides its bytes.
struct clinux_frame {
  /// CLOCK_REALTIME, nanoseconds since 1970; 0: the kernel gave no stamp.
  int64_t stamp;
  /// Bytes on the wire, without a tag that was stripped.
  uint32_t original_length;
  /// A tag that the kernel stripped, when has_tag is not 0.
  uint16_t tag_protocol;
  uint16_t tag_control;
  uint8_t has_tag;
  /// sll_pkttype: PACKET_HOST 0, BROADCAST 1, MULTICAST 2, OTHERHOST 3, OUTGOING 4.
  uint8_t packet_type;
};

struct clinux_loss {
  uint32_t received;
  uint32_t dropped;
};

/// Lets only frames through that the program accepts; attach it before binding.
int clinux_packet_attach(int fd, const struct clinux_instruction *program, size_t count);

/// Asks for stamps and auxiliary data, and for a receive buffer of `receive_buffer` bytes.
int clinux_packet_prepare(int fd, int receive_buffer);

/// Binds to an interface and an Ethernet protocol (host byte order; 0x0003: all of them).
int clinux_packet_bind(int fd, int index, uint16_t protocol);

/// Asks for the frames that are addressed to others too.
int clinux_packet_promiscuous(int fd, int index);

/// The index of an interface in the namespace of the socket.
int clinux_interface_index(int fd, const char *name);

/// The flags (netdevice(7): IFF_UP is 1) of an interface in the namespace of the socket.
int clinux_interface_flags(int fd, const char *name);

/// The Ethernet address of an interface in the namespace of the socket.
int clinux_interface_hardware_address(int fd, const char *name, uint8_t address[6]);

/// Takes one frame without waiting. Returns how many bytes were written to `buffer`.
int clinux_packet_receive(int fd, void *buffer, size_t capacity, struct clinux_frame *frame);

/// What was received and lost since the last call: reading sets the kernel's counters to zero.
int clinux_packet_statistics(int fd, struct clinux_loss *loss);
