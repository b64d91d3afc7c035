/* What the network alone costs: answers like `answer`, with as many datagrams of about the same size, and
 * knows nothing of SIP but where five lines stand. The mark beside which `answer` is measured.
 *
 *     rawudp PORT PROVISIONALS      on 127.0.0.1; PROVISIONALS (0 to 2) are sent before each 200 to INVITE */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const copied[] = {"\nVia: ", "\nFrom: ", "\nTo: ", "\nCall-ID: ", "\nCSeq: "};

static const char session[] = "v=0\r\no=- 65537 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                              "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n";

struct request {
    char text[4096];
    struct sockaddr_in from;
};

static void answer(int udp, const struct request *request, const char *status, const char *body)
{
    char text[4096];
    size_t len = (size_t)sprintf(text, "SIP/2.0 %s\r\n", status);

    for (unsigned i = 0; i < sizeof copied / sizeof copied[0]; i++) {
        const char *line = strstr(request->text, copied[i]);
        size_t size = line ? strcspn(++line, "\r") : 0;

        if (len + size + 512 > sizeof text)
            return;
        memcpy(text + len, line, size);
        len += size;
        len += (size_t)sprintf(text + len, strncmp(line ? line : "", "To: ", 4) == 0 && !memchr(line, ';', size)
                                               ? ";tag=rawudp\r\n" : "\r\n");
    }
    len += (size_t)sprintf(text + len, "Contact: <sip:answer@127.0.0.1:5080>\r\nServer: rawudp\r\n%s"
                           "Content-Length: %zu\r\n\r\n%s",
                           *body ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
    sendto(udp, text, len, 0, (const struct sockaddr *)&request->from, sizeof request->from);
}

int main(int argc, char **argv)
{
    static const char *const provisional[] = {"180 Ringing", "100 Trying"};
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static struct request request;
    int udp = socket(AF_INET, SOCK_DGRAM, 0);

    here.sin_port = htons((unsigned short)atoi(argc > 1 ? argv[1] : "5080"));
    if (bind(udp, (const struct sockaddr *)&here, sizeof here) < 0)
        return perror("rawudp"), 1;
    for (;;) {
        socklen_t size = sizeof request.from;
        ssize_t got = recvfrom(udp, request.text, sizeof request.text - 1, 0,
                               (struct sockaddr *)&request.from, &size);

        if (got <= 0)
            continue;
        request.text[got] = '\0';
        if (request.text[0] == 'I') {
            for (int i = argc > 2 ? atoi(argv[2]) : 0; i > 0; i--)
                answer(udp, &request, provisional[i > 1], "");
            answer(udp, &request, "200 OK", session);
        } else if (request.text[0] == 'B') {
            answer(udp, &request, "200 OK", "");
        }
    }
}
