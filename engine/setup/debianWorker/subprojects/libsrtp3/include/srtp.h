// The calls mediasoup makes to libsrtp 3, on top of libsrtp 2: a policy object, and protection from one
// buffer into another (libsrtp 2 works in place, so the packet is copied first).
#ifndef LECTERN_SRTP_H
#define LECTERN_SRTP_H

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <srtp2/srtp.h>

// Error codes libsrtp 3 added; libsrtp 2 never answers the second.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

namespace lectern_srtp
{
	struct Policy
	{
		srtp_policy_t inner{};
		unsigned char key[SRTP_MAX_KEY_LEN]{};
		bool hasKey{ false };
	};

	// Copies the packet to where libsrtp 2 shall work on it. The buffers may be the same.
	inline srtp_err_status_t place(const uint8_t* in, size_t inLen, uint8_t* out, size_t room)
	{
		if (inLen > static_cast<size_t>(INT_MAX))
		{
			return srtp_err_status_bad_param;
		}

		if (inLen > room)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memmove(out, in, inLen);
		}

		return srtp_err_status_ok;
	}

	using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

	// `trailer` is what the call may write behind the packet.
	inline srtp_err_status_t apply(
	  InPlace call, srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t trailer)
	{
		const size_t room             = *outLen > trailer ? *outLen - trailer : 0;
		const srtp_err_status_t placed = place(in, inLen, out, room);

		if (placed != srtp_err_status_ok)
		{
			return placed;
		}

		int length                 = static_cast<int>(inLen);
		const srtp_err_status_t err = call(ctx, out, &length);

		if (err == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(length);
		}

		return err;
	}
} // namespace lectern_srtp

using lectern_srtp_policy_t = lectern_srtp::Policy*;

inline srtp_err_status_t srtp_policy_create(lectern_srtp_policy_t* policy)
{
	*policy = new (std::nothrow) lectern_srtp::Policy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(lectern_srtp_policy_t policy)
{
	if (policy)
	{
		// Not optimised away, as the key would otherwise stay in freed memory.
		volatile unsigned char* key = policy->key;

		for (size_t i = 0; i < sizeof(policy->key); ++i)
		{
			key[i] = 0;
		}
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(lectern_srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->inner.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(lectern_srtp_policy_t policy, srtp_profile_t profile)
{
	const srtp_err_status_t err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->inner.rtp, profile);

	return err == srtp_err_status_ok
	         ? srtp_crypto_policy_set_from_profile_for_rtcp(&policy->inner.rtcp, profile)
	         : err;
}

// libsrtp 2 wants the salt right behind the key. Keys with an MKI are not offered.
inline srtp_err_status_t srtp_policy_add_key(
  lectern_srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	if (policy->hasKey || mki || mkiLen > 0 || keyLen + saltLen > sizeof(policy->key))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->inner.key = policy->key;
	policy->hasKey    = true;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(lectern_srtp_policy_t policy, bool allow)
{
	policy->inner.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(lectern_srtp_policy_t policy, size_t windowSize)
{
	policy->inner.window_size = windowSize;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, lectern_srtp_policy_t policy)
{
	return policy->hasKey ? srtp_create(session, &policy->inner) : srtp_err_status_bad_param;
}

// `ssrc` is in network order for both, as mediasoup gives it.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

inline srtp_err_status_t srtp_protect(
  srtp_t ctx, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return lectern_srtp::apply(srtp_protect, ctx, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return lectern_srtp::apply(srtp_protect_rtcp, ctx, rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN + 4);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t ctx, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return lectern_srtp::apply(srtp_unprotect, ctx, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return lectern_srtp::apply(srtp_unprotect_rtcp, ctx, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}

// In libsrtp 3 the name means the policy object itself.
#define srtp_policy_t lectern_srtp_policy_t

#endif
