// A real program in C++17 that knows the public headers alone: it answers a call that comes in over a
// wire that only takes notes, and hears BYE. Exit status 0 when all of that happened.
#include <sip/sip.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace {

const char *const caller = "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK";
const char *const dialog = "From: <sip:bob@192.0.2.7>;tag=bob\r\nCall-ID: one@192.0.2.7\r\n"
                           "Max-Forwards: 70\r\nContact: <sip:bob@192.0.2.7>\r\nContent-Length: 0\r\n";

sip_addr address(const char *text)
{
    sip_addr addr{};
    if (sip_addr_parse(&addr, sip_str(text)) == 0)
        addr.port = 5060;
    return addr;
}

class Phone {
public:
    Phone()
    {
        config.stack.transport.host = this;
        config.stack.transport.send = [](void *host, const sip_path *, struct sip_str bytes) {
            static_cast<Phone *>(host)->sent.emplace_back(bytes.at, bytes.len);
            return 0;
        };
        config.stack.transport.local = [](void *, const sip_path *, sip_addr *local) {
            *local = address("192.0.2.1");
            return 0;
        };
        config.stack.transport.random = [](void *, void *bytes, std::size_t count) {
            std::memset(bytes, 0x5a, count); // a program that is no test has a better source
            return 0;
        };
        config.stack.limits.flows = SIP_NONE_AT_ALL;
        config.events.host = this;
        config.events.call = [](void *host, sip_ua *, const sip_call_event *event) {
            static_cast<Phone *>(host)->heard(*event);
        };
        block.resize(sip_ua_size(&config));
        ready = sip_ua_init(&ua, block.data(), block.size(), &config, 1000) == 0;
    }

    void hear(const std::string &text)
    {
        sip_packet packet{};
        packet.bytes = sip_bytes(text.data(), text.size());
        packet.path.protocol = SIP_UDP;
        packet.path.local = address("192.0.2.1");
        packet.path.remote = address("192.0.2.7");
        sip_stack_datagram(sip_ua_stack(ua), now += 20, &packet);
    }

    // The value of the header `name` in what was sent last.
    std::string said(const std::string &name) const
    {
        const std::string &text = sent.back();
        const auto at = text.find("\r\n" + name + ": ");
        if (at == std::string::npos)
            return {};
        const auto from = at + name.size() + 4;
        return text.substr(from, text.find("\r\n", from) - from);
    }

    bool ready = false;
    std::vector<std::string> sent;
    std::vector<sip_call_kind> kinds;
    sip_end end = SIP_END_LOCAL;

private:
    void heard(const sip_call_event &event)
    {
        kinds.push_back(event.kind);
        end = event.end;
        if (event.kind == SIP_CALL_INCOMING) {
            sip_call_message message{};
            message.body.type = sip_str("application/sdp");
            message.body.bytes = sip_str("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n");
            sip_call_accept(ua, event.now, event.call, &message);
        }
    }

    sip_config config{};
    std::vector<unsigned char> block;
    sip_ua *ua = nullptr;
    std::uint64_t now = 1000;
};

int failed(const char *why)
{
    std::fprintf(stderr, "%s\n", why);
    return 1;
}

} // namespace

int main()
{
    Phone phone;
    if (!phone.ready)
        return failed("init");
    phone.hear(std::string("INVITE sip:alice@192.0.2.1 SIP/2.0\r\n") + caller + "1\r\n" +
               "To: <sip:alice@192.0.2.1>\r\nCSeq: 1 INVITE\r\n" + dialog + "\r\n");
    if (phone.sent.empty() || phone.sent.back().compare(0, 14, "SIP/2.0 200 OK"))
        return failed("no 200 to the INVITE");
    const std::string to = "To: " + phone.said("To") + "\r\n";
    phone.hear(std::string("ACK sip:alice@192.0.2.1 SIP/2.0\r\n") + caller + "2\r\n" + to +
               "CSeq: 1 ACK\r\n" + dialog + "\r\n");
    phone.hear(std::string("BYE sip:alice@192.0.2.1 SIP/2.0\r\n") + caller + "3\r\n" + to +
               "CSeq: 2 BYE\r\n" + dialog + "\r\n");
    if (phone.kinds.empty() || phone.kinds.back() != SIP_CALL_ENDED || phone.end != SIP_END_REMOTE)
        return failed("not ended by BYE");
    if (phone.said("CSeq") != "2 BYE")
        return failed("no answer to BYE");
    return 0;
}
